/** Pictures as Chromium draws them: pixels of an SVG file, on a light or a dark surface. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inflateSync } from "node:zlib";

const execute = promisify(execFile);

/** Red, green and blue of each pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A PNG file of eight bits a channel, not interlaced, as Chromium writes it (PNG, third edition, §9 and §11). */
export function decodePng(file: Buffer): Pixels {
  const [width, height, depth, kind, interlace] = [
    file.readUInt32BE(16),
    file.readUInt32BE(20),
    file[24],
    file[25],
    file[28],
  ];
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlace !== 0)
    throw new Error(`a PNG of another kind: ${kind}`);
  const channels = kind === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const lines = new Uint8Array(height * stride);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const left = i < channels ? 0 : (lines[y * stride + i - channels] as number);
      const above = y === 0 ? 0 : (lines[(y - 1) * stride + i] as number);
      const corner = y === 0 || i < channels ? 0 : (lines[(y - 1) * stride + i - channels] as number);
      const estimate = left + above - corner;
      const [a, b, c] = [left, above, corner].map((one) => Math.abs(estimate - one)) as [
        number,
        number,
        number,
      ];
      const nearest = a <= b && a <= c ? left : b <= c ? above : corner;
      const predicted = [0, left, above, (left + above) >> 1, nearest][filter as number] as number;
      lines[y * stride + i] = (raw[y * (stride + 1) + 1 + i] as number) + predicted;
    }
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 3; k++)
        data[(y * width + x) * 3 + k] = lines[y * stride + x * channels + k] as number;
    }
  }
  return { width, height, data };
}

/** Chromium's picture of a file's text, an SVG file or a page. */
export async function screenshot(
  content: string,
  {
    width,
    height,
    dark = false,
    kind = "svg",
  }: { width: number; height: number; dark?: boolean; kind?: "svg" | "html" },
): Promise<Pixels> {
  const folder = await mkdtemp(join(tmpdir(), "wasmgrad-plot-"));
  try {
    const [page, picture] = [join(folder, `picture.${kind}`), join(folder, "picture.png")];
    await writeFile(page, content);
    const options = [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--hide-scrollbars",
      "--force-device-scale-factor=1",
      // 0 is dark, 1 is light.
      `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
      `--user-data-dir=${join(folder, "profile")}`,
      `--window-size=${width},${height}`,
      `--screenshot=${picture}`,
      `file://${page}`,
    ];
    await execute("/usr/bin/chromium", options, { timeout: 120_000 });
    return decodePng(await readFile(picture));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
