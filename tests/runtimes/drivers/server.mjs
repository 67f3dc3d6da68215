// Serves a folder on the loopback address, each page with the policy that its path asks for.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

const policies = {
  "/strict.html": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  "/forbidden.html": "default-src 'self'; script-src 'self'",
};

/**
 * @param served is told the path and the bytes of each file that was asked for
 * @returns { origin, close }
 */
export async function serve(folder, served = () => undefined) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    try {
      const content = await readFile(join(folder, normalize(pathname)));
      response.setHeader("content-type", types[extname(pathname)] ?? "application/octet-stream");
      if (policies[pathname]) response.setHeader("content-security-policy", policies[pathname]);
      served(pathname, content);
      response.end(content);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { origin, close };
}

/** A port of the loopback address that nobody listens at. */
export async function freePort() {
  const server = createSocketServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
