#include <gtest/gtest.h>

#include "daemon/sign_in/sessions.hpp"

namespace fristvakt::tests {
namespace {

TEST(SafeReturn, StaysHere) {
    for (const char* path : {"/", "/sak/a/b", "/utboks?state=sent&x=%2F"}) {
        EXPECT_EQ(daemon::safe_return(path), path);
    }
    for (const char* path :
         {"", "sak", "//x.example", "/\\x.example", "https://x.example", "/a\nb", "/a b", "/æ"}) {
        EXPECT_EQ(daemon::safe_return(path), "/") << path;
    }
}

}  // namespace
}  // namespace fristvakt::tests
