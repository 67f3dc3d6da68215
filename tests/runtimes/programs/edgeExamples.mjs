// The two edge workers of examples/edge behind one address, with a store that lasts as long as the isolate.
import predict from "./edgeExamples/predict.mjs";
import train from "./edgeExamples/train.mjs";

const kept = new Map();
const env = {
  SNAPSHOTS: {
    get: async (key) => kept.get(key) ?? null,
    put: async (key, bytes) => void kept.set(key, bytes.slice().buffer),
  },
};

export default {
  fetch: (request) => (new URL(request.url).pathname === "/train" ? train : predict).fetch(request, env),
};
