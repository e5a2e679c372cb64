// What the http workload calls: a plain server in a process of its own, a small JSON answer each.
import { createServer } from "node:http";

const body = JSON.stringify({ id: 7, name: "Keyboard", price: 79.5, stock: 120, tags: ["new", "office"] });
const head = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
let calls = 0;

const server = createServer((request, response) => {
  request.resume();
  if (request.url === "/_calls") return void response.end(String(calls));
  calls += 1;
  response.writeHead(200, head);
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit(0));
