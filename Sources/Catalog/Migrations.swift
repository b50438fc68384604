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
