import fs from "node:fs"; import path from "node:path"; import { build } from "esbuild"; import { gzipSync } from "node:zlib"; import { spawnSync } from "node:child_process"; import { pathToFileURL } from "node:url";
const alias={}; const pkg=JSON.parse(fs.readFileSync("package.json","utf8"));
for (const [k,v] of Object.entries(pkg.exports)) if (typeof v==="object") alias["wasmgrad"+k.slice(1)] = path.resolve(v.default);
const names = process.argv.slice(2).length?process.argv.slice(2):["dense","stopping","encoding","predicting","everything"];
for (const s of names) {
 const out=`/tmp/s2/${s}`; fs.rmSync(out,{recursive:true,force:true});
 const r = await build({ entryPoints:[`tests/sizes/${s}.mjs`], bundle:true, splitting:true, format:"esm", minify:true, write:false, outdir:out, platform:"browser", logLevel:"error", external:["node:*"], outExtension:{".js":".mjs"},
 plugins:[{name:"a",setup(b){b.onResolve({filter:/^wasmgrad/},a=>({path:alias[a.path]}))}}]});
 fs.mkdirSync(out); const size={};
 for (const f of r.outputFiles){ size[path.basename(f.path)]=[gzipSync(f.contents,{level:9}).length,f.contents.length]; fs.writeFileSync(f.path, f.text+`\n;(globalThis.__l??=[]).push(${JSON.stringify(path.basename(f.path))});`);}
 const p=spawnSync("node",["--input-type=module","-e",`await import(${JSON.stringify(pathToFileURL(`${out}/${s}.mjs`).href)}); await globalThis.report; console.log("@@"+JSON.stringify(globalThis.__l));`],{encoding:"utf8"});
 const m=/@@(.*)/.exec(p.stdout); if(!m){console.log(s,p.stderr.slice(0,2000));continue;}
 const l=JSON.parse(m[1]); let t=0; for(const n of l)t+=size[n][0];
 console.log(s.padEnd(11),(t/1000).toFixed(2),l.map(n=>n.replace(/-[A-Z0-9]{8}/,"").replace(".mjs","")+":"+size[n].join("/")).join(" "));
}
