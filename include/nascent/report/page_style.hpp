#pragma once

namespace nascent::detail {

/// How a report looks: on screens, small ones, dark ones, and on paper.
inline constexpr const char* kPageStyle = R"css(
:root{--ground:#fff;--card:#f6f8fa;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--accent:#2c6cb0;
--stamp:#b3261e;--good:#2c7a4b;--grow:#3f84cc;--prune:#d97b2a;--baseline:#808a95;--replace:#3f9d63;
--update:#8d66c2;--sample:#2795a3;--morph:#c9557c;--protocol:#5d7a1f;--other:#8a7a52}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--card:#161b22;--text:#e6edf3;
--soft:#9198a1;--line:#30363d;--accent:#6cabea;--stamp:#ff8a80;--good:#57c785;--grow:#62a5ea;
--prune:#f09a4f;--baseline:#9aa4b0;--replace:#5cc486;--update:#b391e6;--sample:#46bcc9;
--morph:#ea7a9f;--protocol:#a3c25c;--other:#bba96e}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:20px 16px 60px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}
h2{font-size:18px;margin:36px 0 8px;padding-top:8px;border-top:1px solid var(--line)}
h3{font-size:15px;margin:16px 0 4px}
p{margin:6px 0;max-width:78ch}
.soft,figcaption{color:var(--soft)}
.mark{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 10px;font-size:13px}
.mark.good{border-color:var(--good);color:var(--good)}
.mark.busy{border-color:var(--accent);color:var(--accent)}
.stamp{border:2px solid var(--stamp);color:var(--stamp);font-weight:600;padding:8px 12px;margin:12px 0;
border-radius:6px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(155px,1fr));gap:10px;margin:16px 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
.tile b{display:block;font-size:17px;white-space:nowrap;line-height:1.3}
.tile span{color:var(--soft);font-size:13px}
figure{margin:12px 0;min-width:0}
figcaption{font-size:13px;max-width:90ch}
.chart{position:relative;height:320px}
.chart.low{height:190px}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:8px 28px}
.wide{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;font-size:14px}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:middle}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.all td{font-weight:600}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.wide code{white-space:nowrap}
#trials th{position:sticky;top:0;background:var(--ground);z-index:1}
#trials th button{all:unset;cursor:pointer;font-weight:600}
#trials th button:focus-visible{outline:2px solid var(--accent)}
#trials th[aria-sort=ascending] button::after{content:" \2191"}
#trials th[aria-sort=descending] button::after{content:" \2193"}
#trials tr.kept td{background:color-mix(in srgb,var(--accent) 9%,transparent)}
#trials tr.failed td{color:var(--soft)}
#trials .scroll{max-height:620px;overflow:auto;content-visibility:auto;contain-intrinsic-height:620px;border:1px solid var(--line);border-radius:8px;padding:0 0 0 10px}
html.late #trials .scroll{content-visibility:hidden}
#trials svg{display:block;width:130px;height:24px}
#trials th,#trials td{padding-right:9px}
#trials td.architecture{min-width:250px;max-width:440px}
.stage{white-space:nowrap}
.stage::before{content:"";display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px;
background:var(--colour,var(--other))}
.tools{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;margin:8px 0;font-size:14px}
input[type=search]{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);
border-radius:6px;padding:4px 8px;width:min(100%,320px)}
.faces{display:flex;flex-wrap:wrap;gap:10px 18px}
.pair{margin:0}.pair img{width:64px;height:64px;object-fit:contain;margin-right:3px;border-radius:4px}
.pair figcaption{font-size:12px}
details{margin:8px 0}summary{cursor:pointer}
.network{display:block}
@media (max-width:600px){main{padding:14px 12px 40px}h1{font-size:20px}.chart{height:260px}
.tiles{grid-template-columns:1fr 1fr}.drawing{overflow-x:auto}.drawing .network{max-width:none}}
@media print{:root{--ground:#fff;--card:#fff;--text:#000;--soft:#444;--line:#bbb}
body{font-size:10pt}main{max-width:none;padding:0}.tools{display:none}h2{break-after:avoid;margin-top:20px}
figure,tr,.tile,.drawing,.faces{break-inside:avoid}.two{grid-template-columns:1fr 1fr}
.tiles{grid-template-columns:repeat(6,1fr);gap:6px}.tile b{font-size:9pt;white-space:normal}.tile span{font-size:7.5pt}
.chart,.chart.low{height:auto}canvas{max-width:100%!important;height:auto!important}
.wide code{white-space:normal}table,code{font-size:7.5pt}th,td{padding:2px 6px 2px 0}
#trials .scroll{content-visibility:visible;max-height:none;border:0;padding:0;overflow:visible}
#trials th{position:static}#trials svg{width:80px;height:15px}#trials td.architecture{min-width:0;max-width:none}}
)css";

}  // namespace nascent::detail
