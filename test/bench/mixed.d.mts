import type { Workflow } from "@shared/workflow/workflow";

export declare const mixed: Workflow;
