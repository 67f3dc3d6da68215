// What the library of those who made safetensors reads of a file that was written here: what tests/io/tensors/peers.test.ts compares with.
//
//     UPDATE_GIVEN=1 npx vitest run --config tools/vitest.config.ts tests/io/tensors/peers.test.ts
//     npm install --prefix /tmp/readers --ignore-scripts @huggingface/hub@2.17.5
//     node tests/peers/safetensors/readers.mjs /tmp/readers build/exchange/tensors.safetensors > tests/peers/safetensors/readers.json
//
// @huggingface/hub checks what a header says against the file. It reads from its hub, in whose place stands a function here.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";

const [, , folder, path] = process.argv;
const resolve = createRequire(join(folder, "package.json")).resolve;
const file = readFileSync(path);

const hub = await import(pathToFileURL(resolve("@huggingface/hub")).href);
const answer = async (_, { method = "GET", headers } = {}) => {
  const range = new Headers(headers).get("range");
  const [from, to] = /bytes=(\d+)-(\d+)/
    .exec(range ?? "")
    ?.slice(1)
    .map(Number) ?? [0, file.length - 1];
  const end = Math.min(to + 1, file.length);
  const body = method === "HEAD" ? null : file.subarray(from, end);
  return new Response(body, {
    status: range ? 206 : 200,
    headers: {
      etag: '"given"',
      "content-length": `${end - from}`,
      "content-range": `bytes ${from}-${end - 1}/${file.length}`,
      "accept-ranges": "bytes",
    },
  });
};
const parsed = await hub.parseSafetensorsMetadata({
  repo: "given/given",
  path: "tensors.safetensors",
  fetch: answer,
});

// The bytes are where the header says, as that library has parsed it.
const start = 8 + Number(file.readBigUInt64LE(0));
const tensors = Object.fromEntries(
  Object.entries(parsed.header)
    .filter(([name]) => name !== "__metadata__")
    .map(
      ([
        name,
        {
          data_offsets: [begin, end],
        },
      ]) => [name, file.subarray(start + begin, start + end).toString("base64")],
    ),
);

console.log(JSON.stringify({ crc: crc32(file), header: parsed.header, tensors }, null, 1));
