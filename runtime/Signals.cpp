#include "runtime/Signals.h"
#include <signal.h>

namespace burin_rt {

static volatile sig_atomic_t asked;

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

static void askToStop(int signal) { asked = signal; }

void catchSignals() {
  for (int signal : caught) {
    struct sigaction action{};
    if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN)
      continue;
    action = {};
    action.sa_handler = askToStop;
    action.sa_flags = SA_RESTART;
    if (signal != SIGPIPE) // every write to a closed pipe makes one
      action.sa_flags |= int(SA_RESETHAND);
    sigaction(signal, &action, nullptr);
  }
}

int stopSignal() { return asked; }

const char *signalName(int signal) {
  return signal == SIGINT ? "SIGINT" : signal == SIGTERM ? "SIGTERM" : signal == SIGHUP ? "SIGHUP" : "SIGPIPE";
}
} // namespace burin_rt
