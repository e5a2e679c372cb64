import type { Dispatcher } from "undici";
import type { Exchange, Sender, Sent } from "./exchange";

/** A dispatcher as a sender. */
export class Plain implements Sender {
  constructor(private readonly dispatcher: Dispatcher) {}

  request({ body, method, ...rest }: Sent): Promise<Exchange> {
    return this.dispatcher.request({
      ...rest,
      method: method as Dispatcher.HttpMethod,
      ...(body === undefined ? {} : { body }),
    });
  }

  close(): Promise<void> {
    return this.dispatcher.close();
  }

  destroy(): Promise<void> {
    return this.dispatcher.destroy();
  }
}
