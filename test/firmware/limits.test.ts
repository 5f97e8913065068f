import { expect, test } from "vitest";
import { checkLimits, limits } from "../../firmware/limits.js";
import { channelTopic, countersTopic, deviceName, statusTopic, summaryTopic } from "../../firmware/uplink/topics.js";

test("the limits that ship hold together", () => {
  expect(checkLimits).not.toThrow();
});

test("the longest names that an app may have make topics within the limit", () => {
  const name = "a".repeat(32);
  const device = deviceName(name, "026d6f746500");
  expect(device).toBe(name + "-746500");
  for (const topic of [statusTopic(device), countersTopic(device), channelTopic(device, name), summaryTopic(device, name)]) {
    expect(topic.length).toBeLessThanOrEqual(limits.topicBytesMax);
  }
});
