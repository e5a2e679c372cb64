import { mount } from "svelte";
import App from "./App.svelte";
import "./ui/ui.css";
import { Bug } from "@shared/base/bug";

const target = document.getElementById("app");
if (!target) throw new Bug("index.html has no #app");
mount(App, { target });
