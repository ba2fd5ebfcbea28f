//===- Signals.h - Being asked to stop --------------------------------------------===//
#pragma once

namespace burin_rt {

/// From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE ask the task to stop where it can go on later; a second one (but
/// SIGPIPE) ends it at once, as it does by itself. Those that are ignored (`nohup`) stay so.
void catchSignals();
/// The signal that asked to stop, or 0.
int stopSignal();
/// `SIGINT` and so on.
const char *signalName(int signal);

} // namespace burin_rt
