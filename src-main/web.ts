import { serveStudio } from "./compose/serve";

await serveStudio(process.argv.slice(2));
