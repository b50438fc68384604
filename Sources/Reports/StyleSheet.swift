/// The page's looks: light and dark by the reader's choice, one column on a phone, black on white in print.
enum StyleSheet {
  static let text = """
    :root{--paper:#f4f5f2;--card:#fff;--ink:#1c2421;--soft:#5c6964;--line:#dde2de;--teal:#1f6f68;--band:#1f6f6833;
    --amber:#9a6700;--red:#b3372b;--green:#2c7a3f;--track:#e8ebe7;--z0:#cfe5e1;--z1:#e9dcc3;--z2:#d5dcec;--z3:#e8d3da}
    @media (prefers-color-scheme:dark){:root{--paper:#121618;--card:#1b2124;--ink:#e6ebe8;--soft:#9aa7a1;--line:#2e373b;
    --teal:#6cc4b9;--band:#6cc4b933;--amber:#e3b341;--red:#ff8a78;--green:#7fd08f;--track:#2a3236;
    --z0:#23443f;--z1:#4a3f28;--z2:#2d3850;--z3:#4b3039}}
    *{box-sizing:border-box}
    html{color-scheme:light dark}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    main{max-width:960px;margin:0 auto;padding:28px 20px 48px}
    h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
    h2{font-size:1.15rem;margin:36px 0 12px}
    h3{font-size:1rem;margin:0 0 8px;display:flex;gap:8px;align-items:baseline;flex-wrap:wrap}
    p{margin:0 0 8px}.soft{color:var(--soft)}.small{font-size:.875rem;font-weight:400}header p{margin:0}
    header{display:flex;justify-content:space-between;gap:16px;flex-wrap:wrap;align-items:flex-start}
    .badge{display:inline-block;padding:4px 12px;border-radius:999px;font-weight:600;font-size:.875rem;border:1.5px solid currentColor;white-space:nowrap}
    .good{color:var(--green)}.warn{color:var(--amber)}.bad{color:var(--red)}
    .tag{font-size:.75rem;font-weight:500;color:var(--soft);border:1px solid var(--line);border-radius:4px;padding:0 6px}
    .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0 0 14px;overflow-wrap:anywhere}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(138px,1fr));gap:10px;margin:20px 0 0}
    .tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
    .tile b{display:block;font-size:1.3rem;line-height:1.3;font-weight:650;font-variant-numeric:tabular-nums;white-space:nowrap}
    .tile span{font-size:.8125rem;color:var(--soft)}
    .zones{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:14px}.zones .card{margin:0}
    .pair{display:grid;grid-template-columns:1.7fr 1fr;gap:16px}
    dl{display:grid;grid-template-columns:auto 1fr;gap:2px 14px;margin:0;font-size:.9375rem}
    dt{color:var(--soft)}dd{margin:0;font-variant-numeric:tabular-nums}
    table{border-collapse:collapse;width:100%;font-size:.9375rem}
    th{text-align:left;font-weight:500;color:var(--soft);font-size:.8125rem}
    th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
    tr:last-child td{border-bottom:0}td{overflow-wrap:break-word}td.one{white-space:nowrap}td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}
    code{font:.8125rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
    svg{display:block;width:100%;height:auto}svg text{font-size:12px;fill:var(--soft)}
    .end{text-anchor:end}.middle{text-anchor:middle}.start{text-anchor:start}
    .grid{stroke:var(--line)}.axis{stroke:var(--soft)}
    .ceiling{stroke:var(--red);stroke-width:1.5;stroke-dasharray:6 4;fill:none}
    .asked{stroke:var(--amber);stroke-width:1.25;fill:none}
    .mean{stroke:var(--teal);stroke-width:2;fill:none;stroke-linejoin:round}.band{fill:var(--band)}
    .range{stroke:var(--band);stroke-width:4}.point,.bar,.fill{fill:var(--teal)}.fill.over{fill:var(--red)}
    .track{fill:var(--track)}.uncertain{fill:var(--amber);opacity:.55}
    .target{stroke:var(--ink);stroke-width:2}svg text.limit{fill:var(--red)}
    .zone{stroke:var(--card);stroke-width:1}.z0{fill:var(--z0)}.z1{fill:var(--z1)}.z2{fill:var(--z2)}.z3{fill:var(--z3)}
    svg .zone+text{fill:var(--ink)}
    .high{fill:var(--red)}.medium{fill:var(--amber)}.plain{fill:var(--soft)}
    .density{margin:10px 0 4px;max-width:420px}.density text{font-size:11px}svg.narrow{display:none}
    .key{display:flex;gap:4px 16px;flex-wrap:wrap;font-size:.8125rem;color:var(--soft);margin:0 0 10px}
    .key i{display:inline-block;width:18px;height:0;vertical-align:middle;margin-right:6px;border-top:2px solid var(--teal)}
    .key .k-range{border-top:9px solid var(--band)}.key .k-asked{border-color:var(--amber)}.key .k-ceiling{border-top:2px dashed var(--red)}
    .notice{border-left:4px solid var(--amber)}.notice.bad{border-color:var(--red);color:inherit}
    footer{margin-top:36px;border-top:1px solid var(--line);padding-top:12px}
    @media (max-width:640px){main{padding:20px 12px 32px}h1{font-size:1.4rem}.card{padding:14px 12px}
    .pair{grid-template-columns:1fr;gap:4px}.pair svg text{font-size:15px}.pair div+div{max-width:300px}.pair div+div svg text{font-size:12px}
    .wide svg.roomy{display:none}.wide svg.narrow{display:block}
    .tiles{grid-template-columns:1fr 1fr}table.stack,table.stack tbody,table.stack tr,table.stack td{display:block}
    table.stack thead{display:none}table.stack tr{padding:8px 0;border-bottom:1px solid var(--line)}table.stack tr:last-child{border:0}
    table.stack td{border:0;padding:0}td.one{white-space:normal}}
    @media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--teal:#1f6f68;--band:#1f6f6833;--amber:#7a5200;
    --red:#a02a1f;--green:#1e5c2e;--track:#e6e6e6;--z0:#dcebe8;--z1:#efe6d4;--z2:#e1e6f1;--z3:#efe0e5}
    html{color-scheme:light}body{font-size:9.5pt}main{max-width:none;padding:0}h2{margin:18px 0 8px}.card{padding:10px 12px;margin-bottom:8px}
    .tiles{grid-template-columns:repeat(6,1fr);gap:6px}.tile{padding:6px 8px}.tile b{font-size:1.05rem}.card,.tile,tr{break-inside:avoid}.card.long{break-inside:auto}h2,.key,thead{break-after:avoid}
    table{font-size:8.5pt}th,td{padding:3px 10px 3px 0}dl{font-size:9pt}.zones{grid-template-columns:1fr 1fr}.pair svg{max-height:140px}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}@page{margin:14mm}}
    """
}
