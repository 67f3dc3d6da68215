import { build } from "esbuild"; import { readFile } from "node:fs/promises"; import { transformHost } from "./tools/hostTransform.mjs";
export async function needed(contents){ const {metafile}=await build({stdin:{contents,resolveDir:process.cwd(),sourcefile:"x.js"},bundle:true,format:"esm",platform:"neutral",write:false,metafile:true,minify:true,
 plugins:[{name:"h",setup(b){ b.onResolve({filter:/./},a=>a.kind==="dynamic-import"&&!/train\/training|\.\/training/.test(a.path)?{path:a.path,external:true}:undefined);
  b.onResolve({filter:/\.js$/},async a=>{ if(a.pluginData==="x"||!a.path.startsWith(".")) return; const p=(await import("node:path")).resolve(a.resolveDir,a.path.replace(/\.js$/,".ts")); return (await import("node:fs")).existsSync(p)?{path:p,sideEffects:false}:undefined;});
  b.onLoad({filter:/\.ts$/},async({path})=>({contents:transformHost(await readFile(path,"utf8"),path).code,loader:"js"}));}}]});
 const out=Object.values(metafile.outputs)[0]; return new Map(Object.entries(out.inputs).filter(([,v])=>v.bytesInOutput>0).map(([k,v])=>[k,v.bytesInOutput])); }
const dense=await needed('export { compile, dense, input, sequential } from "./src/index.ts"; export * from "./src/train/training.ts";');
const stop=await needed('export { compile, dense, input, sequential,dropout,earlyStopping,batchNorm } from "./src/index.ts"; export * from "./src/train/training.ts";');
const all=await needed('export * from "./src/index.ts"; export * from "./src/train/training.ts";');
const ops=await needed('export * from "./src/index.ts"; export * from "./src/train/training.ts"; export * from "./src/ops/index.ts"; export * from "./src/data/index.ts"; export * from "./src/metrics/index.ts"; export * from "./src/autodiff/index.ts"');
const sum=m=>[...m.values()].reduce((a,b)=>a+b,0);
console.log(sum(dense),sum(stop),sum(all),sum(ops));
console.log("stop\\dense",[...stop.keys()].filter(k=>!dense.has(k)));
console.log("all\\stop",[...all].filter(([k])=>!stop.has(k)).map(([k,v])=>k.slice(4)+" "+v).join("\n"));
console.log("==ops\\all",[...ops].filter(([k])=>!all.has(k)).map(([k,v])=>k.slice(4)+" "+v).join("\n"));
import fs from "node:fs"; import path from "node:path";
const us=new Set([...stop.keys()]);
for(const f of us){ if(!fs.existsSync(f)) continue; const t=fs.readFileSync(f,"utf8"); for(const m of t.matchAll(/^(import|export) (?!type)([\s\S]*?) from "(\..*?)";/gm)){ const p=path.join(path.dirname(f),m[3].replace(/\.js$/,".ts")); if(!us.has(p)&&(all.has(p)||ops.has(p))&&!/^(import|export) type/.test(m[0])) console.log("EDGE",f,"->",p,m[2].replace(/\s+/g," ")); }}
