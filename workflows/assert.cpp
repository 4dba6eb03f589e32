#include "workflows/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace fristvakt::workflows {

void fail_assert(const char* condition, const char* file, int line) {
    (void)std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
    std::abort();
}

}  // namespace fristvakt::workflows
