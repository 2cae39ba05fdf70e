#include "shell/journal/background.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tandem::journal {

void work_in_background(const char* name) {
  constexpr int kNice = 10;
  ::pthread_setname_np(::pthread_self(), name);
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

}  // namespace tandem::journal
