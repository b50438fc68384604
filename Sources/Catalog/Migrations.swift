import GRDB

/// The catalog's schema, one step per release that changed it. A step that has shipped is never edited.
enum Migrations {
  static var all: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: sessions, zones, materials, faults, audit") { db in
      try db.execute(sql: sessions)
      try db.execute(sql: materials)
      try db.execute(sql: faultsAndAudit)
    }
    migrator.registerMigration("2: clients, plans, settings, clock, retention") { db in
      try db.execute(sql: clients)
      try db.execute(sql: settingsAndRetention)
    }
    migrator.registerMigration("3: calibrations") { db in try db.execute(sql: calibrations) }
    migrator.registerMigration("4: profile versions") { db in try db.execute(sql: profileVersions) }
    return migrator
  }

  /// Times are microseconds since 1970, hashes 64 hexadecimal digits. A partial unique index keeps one session open at most.
  private static let sessions = """
    CREATE TABLE session (
      id TEXT PRIMARY KEY NOT NULL,
      client_code TEXT CHECK (client_code IS NULL OR length(client_code) BETWEEN 1 AND 64),
      plan TEXT NOT NULL,
      machine TEXT NOT NULL,
      machine_profile TEXT NOT NULL,
      opened_by TEXT NOT NULL,
      opened_at_us INTEGER NOT NULL,
      closed_at_us INTEGER,
      state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'abandoned')),
      segments INTEGER NOT NULL DEFAULT 1 CHECK (segments >= 1),
      strokes INTEGER NOT NULL DEFAULT 0 CHECK (strokes >= 0),
      dots INTEGER NOT NULL DEFAULT 0 CHECK (dots >= 0),
      uncertain_strokes INTEGER NOT NULL DEFAULT 0 CHECK (uncertain_strokes >= 0),
      missing_strokes INTEGER NOT NULL DEFAULT 0 CHECK (missing_strokes >= 0),
      file_sha256 TEXT,
      CHECK ((state = 'closed') = (file_sha256 IS NOT NULL))
    ) STRICT;
    CREATE UNIQUE INDEX session_open ON session (state) WHERE state = 'open';
    CREATE INDEX session_client ON session (client_code, opened_at_us);

    CREATE TABLE session_zone (
      id INTEGER PRIMARY KEY NOT NULL,
      session_id TEXT NOT NULL REFERENCES session (id),
      name TEXT NOT NULL,
      attributes TEXT NOT NULL,
      area_mm2 INTEGER NOT NULL CHECK (area_mm2 >= 0),
      target_per_cm2 INTEGER NOT NULL CHECK (target_per_cm2 >= 0),
      ceiling_per_cm2 INTEGER NOT NULL CHECK (ceiling_per_cm2 >= 0),
      budget_dots INTEGER NOT NULL CHECK (budget_dots >= 0),
      dots INTEGER NOT NULL DEFAULT 0 CHECK (dots >= 0),
      uncertain_dots INTEGER NOT NULL DEFAULT 0 CHECK (uncertain_dots >= 0),
      strokes INTEGER NOT NULL DEFAULT 0 CHECK (strokes >= 0),
      set_at_us INTEGER NOT NULL,
      UNIQUE (session_id, name)
    ) STRICT;
    """

  private static let materials = """
    CREATE TABLE cartridge (
      id INTEGER PRIMARY KEY NOT NULL,
      maker TEXT NOT NULL,
      name TEXT NOT NULL,
      lot TEXT NOT NULL,
      serial TEXT,
      expiry TEXT NOT NULL,
      life_strokes INTEGER NOT NULL CHECK (life_strokes > 0),
      used_strokes INTEGER NOT NULL DEFAULT 0 CHECK (used_strokes >= 0),
      client_code TEXT,
      first_used_at_us INTEGER NOT NULL,
      UNIQUE (maker, lot, serial)
    ) STRICT;

    CREATE TABLE pigment (
      id INTEGER PRIMARY KEY NOT NULL,
      maker TEXT NOT NULL,
      name TEXT NOT NULL,
      shade TEXT NOT NULL,
      lot TEXT NOT NULL,
      expiry TEXT NOT NULL,
      first_used_at_us INTEGER NOT NULL,
      UNIQUE (maker, name, shade, lot)
    ) STRICT;

    CREATE TABLE session_material (
      id INTEGER PRIMARY KEY NOT NULL,
      session_id TEXT NOT NULL REFERENCES session (id),
      cartridge_id INTEGER REFERENCES cartridge (id),
      pigment_id INTEGER REFERENCES pigment (id),
      dilution TEXT NOT NULL,
      from_at_us INTEGER NOT NULL,
      CHECK ((cartridge_id IS NULL) <> (pigment_id IS NULL))
    ) STRICT;
    CREATE INDEX session_material_session ON session_material (session_id);
    """

  /// A client's code is in `client` and wherever a session or a cartridge belongs to it, never in the audit chain: there it is the
  /// row's number, so that erasing a client leaves the chain whole. Clients known before this step come from their sessions.
  private static let clients = """
    CREATE TABLE client (
      id INTEGER PRIMARY KEY NOT NULL,
      code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
      consent TEXT,
      consent_at_us INTEGER,
      created_by TEXT NOT NULL,
      created_at_us INTEGER NOT NULL,
      erased_at_us INTEGER,
      CHECK ((consent IS NULL) = (consent_at_us IS NULL))
    ) STRICT;
    INSERT INTO client (code, created_by, created_at_us)
      SELECT client_code, 'its first session', min(opened_at_us) FROM session WHERE client_code IS NOT NULL GROUP BY client_code;

    CREATE TABLE plan (
      id TEXT PRIMARY KEY NOT NULL,
      client_id INTEGER NOT NULL REFERENCES client (id),
      style TEXT NOT NULL CHECK (style IN ('soft', 'defined')),
      minimum_interval_days INTEGER NOT NULL CHECK (minimum_interval_days BETWEEN 7 AND 365),
      created_by TEXT NOT NULL,
      created_at_us INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX plan_client ON plan (client_id);

    CREATE TABLE plan_zone (
      plan_id TEXT NOT NULL REFERENCES plan (id),
      name TEXT NOT NULL,
      attributes TEXT NOT NULL,
      area_mm2 INTEGER NOT NULL CHECK (area_mm2 > 0),
      PRIMARY KEY (plan_id, name)
    ) STRICT;

    CREATE TABLE plan_stage (
      plan_id TEXT NOT NULL,
      zone TEXT NOT NULL,
      stage TEXT NOT NULL CHECK (stage IN ('foundation', 'definition', 'refinement')),
      target_per_cm2 INTEGER NOT NULL CHECK (target_per_cm2 > 0),
      shade TEXT NOT NULL,
      PRIMARY KEY (plan_id, zone, stage),
      FOREIGN KEY (plan_id, zone) REFERENCES plan_zone (plan_id, name)
    ) STRICT;

    ALTER TABLE session ADD COLUMN stage TEXT NOT NULL DEFAULT '';
    ALTER TABLE session ADD COLUMN motor_on_ms INTEGER NOT NULL DEFAULT 0 CHECK (motor_on_ms >= 0);
    ALTER TABLE session_zone ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    """

  private static let settingsAndRetention = """
    CREATE TABLE setting (
      id INTEGER PRIMARY KEY NOT NULL,
      session_id TEXT NOT NULL REFERENCES session (id),
      profile TEXT NOT NULL,
      version INTEGER NOT NULL,
      figures TEXT NOT NULL,
      from_at_us INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX setting_session ON setting (session_id);

    CREATE TABLE clock_confirmation (
      id INTEGER PRIMARY KEY NOT NULL,
      at_us INTEGER NOT NULL,
      newest_us INTEGER NOT NULL,
      audit_length INTEGER NOT NULL,
      boot TEXT NOT NULL,
      actor TEXT NOT NULL
    ) STRICT;

    ALTER TABLE session ADD COLUMN purged_at_us INTEGER;
    """

  private static let calibrations = """
    CREATE TABLE calibration (
      id INTEGER PRIMARY KEY NOT NULL,
      at_us INTEGER NOT NULL,
      actor TEXT NOT NULL,
      machine TEXT NOT NULL,
      machine_sha256 TEXT NOT NULL,
      zero_um INTEGER NOT NULL CHECK (zero_um BETWEEN 0 AND 650),
      one_shot_ns INTEGER,
      figures TEXT NOT NULL,
      sha256 TEXT NOT NULL
    ) STRICT;
    """

  /// A version is never changed but for the one decision on it, and never deleted: sessions refer to it. A partial unique index keeps one
  /// proposed at most. Before this step `setting.version` counted the settings of one run of the daemon; those rows keep no reference.
  private static let profileVersions = """
    CREATE TABLE profile_version (
      id INTEGER PRIMARY KEY NOT NULL,
      profile TEXT NOT NULL CHECK (length(profile) BETWEEN 1 AND 63),
      number INTEGER NOT NULL CHECK (number >= 1),
      text TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      state TEXT NOT NULL CHECK
        (state IN ('shipped', 'set_aside', 'proposed', 'confirmed', 'rejected', 'rolled_back', 'restored')),
      based_on INTEGER,
      changes TEXT NOT NULL,
      actor TEXT NOT NULL,
      at_us INTEGER NOT NULL,
      decided_by TEXT,
      decided_at_us INTEGER,
      reason TEXT NOT NULL,
      UNIQUE (profile, number),
      FOREIGN KEY (profile, based_on) REFERENCES profile_version (profile, number),
      CHECK ((state = 'proposed') = (decided_at_us IS NULL)),
      CHECK ((decided_by IS NULL) = (decided_at_us IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX profile_version_proposed ON profile_version (state) WHERE state = 'proposed';
    CREATE TRIGGER profile_version_never_shrinks BEFORE DELETE ON profile_version
      BEGIN SELECT RAISE(ABORT, 'versions of a profile are kept'); END;
    CREATE TRIGGER profile_version_is_decided_once BEFORE UPDATE ON profile_version
      WHEN OLD.state <> 'proposed' OR NEW.text <> OLD.text OR NEW.sha256 <> OLD.sha256 OR NEW.profile <> OLD.profile
        OR NEW.number <> OLD.number
      BEGIN SELECT RAISE(ABORT, 'a version of a profile is decided on once'); END;

    ALTER TABLE setting ADD COLUMN profile_version_id INTEGER REFERENCES profile_version (id);
    """

  /// The triggers stop accidents, the chain shows intent.
  private static let faultsAndAudit = """
    CREATE TABLE fault (
      id INTEGER PRIMARY KEY NOT NULL,
      session_id TEXT REFERENCES session (id),
      code TEXT NOT NULL,
      priority TEXT NOT NULL CHECK (priority IN ('low', 'medium', 'high')),
      first_seen_at_us INTEGER NOT NULL,
      evidence TEXT NOT NULL,
      acknowledged_at_us INTEGER,
      acknowledged_by TEXT,
      CHECK ((acknowledged_at_us IS NULL) = (acknowledged_by IS NULL))
    ) STRICT;
    CREATE INDEX fault_session ON fault (session_id);

    CREATE TABLE audit (
      sequence INTEGER PRIMARY KEY NOT NULL,
      at_us INTEGER NOT NULL,
      actor TEXT NOT NULL,
      role TEXT NOT NULL,
      verb TEXT NOT NULL,
      detail TEXT NOT NULL,
      session_id TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit table is append-only'); END;
    CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit table is append-only'); END;
    """
}
