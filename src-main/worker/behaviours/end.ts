import { completed, failed, invalid, type Behaviour } from "../behaviour";

/** Gives `output`, or the input. */
export const end: Behaviour = ({ config, input }) => {
  const output = config["output"] === undefined ? input : config["output"];
  switch (config["status"] ?? "completed") {
    case "completed":
      return completed(output);
    case "completed_with_warnings":
      return completed(output, { warnings: ["The workflow ended with warnings, as its end says."] });
    case "failed":
      return failed({ type: "component_error", message: "The workflow ended as failed, as its end says." });
    default:
      return failed(
        invalid(
          `The status ${JSON.stringify(config["status"])} is none of completed, completed_with_warnings, failed.`,
          "config.status",
        ),
      );
  }
};
