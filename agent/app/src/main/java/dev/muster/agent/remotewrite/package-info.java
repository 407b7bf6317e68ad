/// Remote write out of the agent: what is appended goes through a bounded log on disk to stores
/// that take Prometheus' remote write, each at its own pace.
@org.jspecify.annotations.NullMarked
package dev.muster.agent.remotewrite;
