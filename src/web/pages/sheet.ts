/**
 * The rules of the pages, without their colours. Lengths in rem, so that a larger text size enlarges all; logical
 * directions, so that right-to-left needs no rule of its own.
 */
export const sheet = `
*,::before,::after{box-sizing:border-box}
html{font:1rem/1.5 var(--font,-apple-system,"Segoe UI Variable Text","Segoe UI",Roboto,Inter,"Noto Sans","Helvetica Neue",Arial,system-ui,sans-serif);
  background:var(--ground);color:var(--ink);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100svh;display:flex;flex-direction:column}
h1,h2,p,ul,ol,dl,dd,pre{margin:0;padding:0}
[hidden]{display:none!important}
a{color:var(--link);font-weight:500;text-underline-offset:.2em;text-decoration-thickness:from-font}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}

.frame{flex:1;display:flex;flex-direction:column;width:100%;background:var(--paper)}
.inner{flex:1;display:flex;flex-direction:column;gap:1.5rem;padding:2rem 1.5rem}
.inner>main{display:flex;flex-direction:column;gap:1.5rem}
.brand{display:flex}
.brand a,.brand span.name{display:inline-flex;align-items:center;gap:.625rem;min-height:2rem;border-radius:.375rem;
  color:var(--ink);font-weight:600;text-decoration:none;overflow-wrap:anywhere}
.brand img{display:block;max-height:2.5rem;max-width:12rem}
.mark{display:grid;place-items:center;flex:none;width:2rem;height:2rem;border-radius:min(var(--radius),.625rem);
  background:var(--accent);color:var(--on-accent);font-size:1rem;font-weight:700;line-height:1}
.header{display:flex;flex-direction:column;gap:.375rem}
h1{font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.018em;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.0625rem;line-height:1.35;font-weight:600;letter-spacing:-.008em}
.intro{color:var(--soft);text-wrap:pretty;overflow-wrap:anywhere}
.foot{padding:1.25rem 1.5rem max(1.25rem,env(safe-area-inset-bottom));border-block-start:1px solid var(--line);
  color:var(--soft);font-size:.9375rem;text-align:center}
.foot a{display:inline-block;padding-block:.125rem}

.alert{display:flex;flex-direction:column;gap:.375rem;padding:.75rem .875rem;border:1px solid transparent;
  border-radius:var(--radius);font-size:.9375rem;overflow-wrap:anywhere}
.header .alert{margin-block-start:.625rem}
.alert a{color:inherit}
.alert:focus{outline:2px solid currentcolor;outline-offset:-1px}
.alert ul{padding-inline-start:1.125rem}
.alert li+li{margin-block-start:.25rem}
.alert-danger{background:var(--bad-ground);color:var(--bad);border-color:color-mix(in srgb,var(--bad) 28%,transparent)}
.alert-success{background:var(--good-ground);color:var(--good);border-color:color-mix(in srgb,var(--good) 28%,transparent)}
.alert-warning{background:var(--warn-ground);color:var(--warn);border-color:color-mix(in srgb,var(--warn) 28%,transparent)}
.alert-info{background:var(--note-ground);border-color:color-mix(in srgb,var(--link) 28%,transparent)}

form{display:flex;flex-direction:column;gap:1.125rem}
.field{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.375rem .75rem;align-items:baseline}
.field>*{grid-column:1/-1}
.field>label{grid-column:1;font-size:.9375rem;font-weight:500}
.field>label:only-of-type{overflow-wrap:anywhere}
.optional{color:var(--soft);font-weight:400;font-size:.875rem}
.aside{grid-row:1;grid-column:2;font-size:.875rem}
.control{position:relative;display:block}
.control>input,.control>textarea,.control>select{display:block;width:100%;min-height:2.75rem;padding:.5625rem .8125rem;
  border:1px solid var(--edge);border-radius:var(--radius);background:var(--raised);color:inherit;font:inherit;
  line-height:1.5;box-shadow:var(--lift);transition:border-color .12s,box-shadow .12s}
.control>select{appearance:none;padding-inline-end:2.5rem}
.control:has(>select)::after{content:"";position:absolute;inset-block-start:1.125rem;inset-inline-end:.9375rem;width:.75rem;
  height:.5rem;background:var(--soft);pointer-events:none;clip-path:polygon(0 12%,12% 0,50% 60%,88% 0,100% 12%,50% 100%)}
.control>textarea{min-height:6rem;resize:vertical}
.control>:is(input,textarea,select):hover{border-color:var(--soft)}
.control>:is(input,textarea,select):focus{outline:2px solid var(--link);outline-offset:-1px;border-color:var(--link)}
.control>[aria-invalid]{border-color:var(--bad)}
.control>[aria-invalid]:focus{outline-color:var(--bad)}
.control>[readonly]{background:var(--ground);color:var(--soft)}
::placeholder{color:var(--soft);opacity:1}
.check{display:flex;gap:.625rem;align-items:flex-start;font-size:.9375rem}
.check input{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0;accent-color:var(--accent)}
.hint{color:var(--soft);font-size:.875rem;text-wrap:pretty}
.problem{display:flex;gap:.375rem;color:var(--bad);font-size:.875rem;font-weight:500}
.problem::before{content:"";flex:none;width:1rem;height:1rem;margin-block-start:.125rem;background:currentcolor;
  clip-path:path(evenodd,"M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0zM7.1 3.7h1.8v5.2H7.1zM8 10.4a1.1 1.1 0 1 1 0 2.2 1.1 1.1 0 0 1 0-2.2z")}
.reveal{position:absolute;inset-block:.25rem;inset-inline-end:.25rem;width:2.25rem;display:grid;place-items:center;
  padding:0;border:0;border-radius:calc(var(--radius) - .25rem);background:none;color:var(--soft);cursor:pointer}
.reveal:hover{color:var(--ink)}
.reveal svg{width:1.25rem;height:1.25rem}
.reveal[aria-pressed=true] .slash{display:none}
.control:has(.reveal:not([hidden]))>input{padding-inline-end:2.75rem}
.control>input::-ms-reveal{display:none}
.meter{display:block;height:.25rem;border-radius:1rem;background:var(--line);overflow:hidden}
.meter>span{display:block;height:100%;width:100%;border-radius:inherit;background:var(--accent);
  transform:scaleX(0);transform-origin:left;transition:transform .15s}
[dir=rtl] .meter>span{transform-origin:right}

.button{display:inline-flex;align-items:center;justify-content:center;gap:.625rem;min-height:2.75rem;padding:.5rem 1rem;
  border:1px solid transparent;border-radius:var(--radius);font:inherit;font-weight:600;line-height:1.375;text-align:center;
  text-decoration:none;cursor:pointer;transition:background-color .12s,border-color .12s;overflow-wrap:anywhere}
.button:active{translate:0 .5px}
.primary{background:var(--accent);color:var(--on-accent);box-shadow:var(--lift),inset 0 1px 0 #ffffff24}
.primary:hover{background:var(--accent-hover)}
.primary[aria-busy=true]{cursor:progress;opacity:.75}
.quiet{border-color:color-mix(in srgb,var(--edge) 55%,transparent);background:var(--raised);color:var(--ink);
  font-weight:500;box-shadow:var(--lift)}
.quiet:hover{border-color:var(--edge);background:var(--ground)}
.small{min-height:2.125rem;padding:.25rem .75rem;font-size:.875rem}
.stack{display:flex;flex-direction:column;gap:.625rem}
.stack svg{flex:none;width:1.25rem;height:1.25rem}
.or{display:flex;align-items:center;gap:.875rem;color:var(--soft);font-size:.875rem}
.or::before,.or::after{content:"";flex:1;height:1px;background:var(--line)}

.wide{background:var(--ground)}
.bar{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.5rem 1rem;padding:.875rem 1rem;
  border-block-end:1px solid var(--line);background:var(--paper)}
.bar nav{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;font-size:.9375rem}
.wide>main{display:flex;flex-direction:column;gap:1.5rem;width:100%;max-width:42rem;margin-inline:auto;padding:2rem 1rem 4rem}
.panel{display:flex;flex-direction:column;gap:1.25rem;padding:1.5rem;border:1px solid var(--line);
  border-radius:calc(var(--radius) + .25rem);background:var(--paper)}
.panel.split{flex-flow:row wrap;align-items:center;justify-content:space-between;gap:.75rem 1.5rem}
.panel.split .hint{margin-block-start:.125rem}
.panel form>.button{align-self:flex-start}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(14rem,100%),1fr));gap:1.125rem}
.rows{list-style:none;display:flex;flex-direction:column}
.rows>li{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.5rem 1rem;padding-block:.875rem;
  border-block-start:1px solid var(--line)}
.rows>li:first-child{border:0;padding-block-start:0}
.rows>li:last-child{padding-block-end:0}
.rows .what{flex:1 1 8rem;display:flex;flex-direction:column;min-width:0;overflow-wrap:anywhere}
.rows strong{font-weight:600}
.rows small{color:var(--soft);font-size:.875rem}
.tag{display:inline-block;padding:.0625rem .5rem;border-radius:1rem;background:var(--good-ground);color:var(--good);
  font-size:.8125rem;font-weight:500}
.facts{display:grid;gap:1rem}
.facts dt{color:var(--soft);font-size:.875rem}
.facts dd{overflow-wrap:anywhere}
.facts pre{margin-block-start:.375rem}
pre{padding:.875rem 1rem;border:1px solid var(--line);border-radius:var(--radius);background:var(--ground);
  font:.875rem/1.6 ui-monospace,"SF Mono",Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.number{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}

@media (min-width:30rem){
.frame:not(.wide){flex:none;max-width:26rem;margin:auto;border-radius:calc(var(--radius) + .375rem);box-shadow:var(--shadow);
  overflow:clip}
body:has(.frame:not(.wide)){padding:3rem 1rem}
.inner{padding:2.25rem 2.25rem 2.5rem;gap:1.75rem}
.foot{padding-inline:2.25rem;background:color-mix(in srgb,var(--ground) 55%,var(--paper))}
.bar{padding-inline:1.5rem}
.wide>main{padding:3rem 1.5rem 5rem}
.panel{padding:1.75rem}
}
@media (prefers-contrast:more){:root{--soft:var(--ink);--edge:var(--ink);--line:var(--ink)}}
@media (prefers-reduced-motion:reduce){*,::before,::after{transition:none!important;animation:none!important}}
@media (forced-colors:active){
.frame:not(.wide),.mark,.alert{border:1px solid}
.problem::before,.or::before,.or::after,.control::after{background:CanvasText;forced-color-adjust:none}
.meter{border:1px solid}.meter>span{background:Highlight}
}
`
