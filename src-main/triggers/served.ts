import { request } from "node:http";

/** Whether a webhook is heard at `path`: asked with a method that no webhook has, which starts nothing. */
export function isServed(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host: "127.0.0.1", port, path: encodeURI(path), method: "OPTIONS", agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 405);
      },
    );
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
