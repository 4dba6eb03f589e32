#pragma once

/// A broken invariant of our own: ends the process, in release too. systemd starts it anew, and the
/// store is the truth. For what others may get wrong use Result.
#define FRISTVAKT_ASSERT(condition)                                              \
    do {                                                                         \
        if (!(condition)) {                                                      \
            ::fristvakt::workflows::fail_assert(#condition, __FILE__, __LINE__); \
        }                                                                        \
    } while (false)

namespace fristvakt::workflows {

[[noreturn]] void fail_assert(const char* condition, const char* file, int line);

}  // namespace fristvakt::workflows
