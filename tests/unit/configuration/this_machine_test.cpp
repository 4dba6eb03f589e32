#include "workflows/definition/this_machine.hpp"

#include <string>

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using workflows::host_of;
using workflows::is_this_machine;

TEST(ThisMachine, IsReachedUnderItsOwnAddressesOnly) {
    for (const char* url :
         {"http://127.0.0.1:8080", "smtp://127.3.2.1", "smtp://[::1]:25", "http://localhost/x",
          "localhost:8081", "127.0.0.1:0", "[::1]:8080", "http://localhost?q"}) {
        EXPECT_TRUE(is_this_machine(host_of(url))) << url;
    }
    for (const char* url :
         {"http://127.0.0.1.example", "smtp://localhost.example:25", "http://10.0.0.1", "",
          "http://127.0.0.1:x@elsewhere.example", "http://localhost@elsewhere.example",
          "http://[::1", "http://[::11]", "0.0.0.0:8080", "http://elsewhere.example/127.0.0.1"}) {
        EXPECT_FALSE(is_this_machine(host_of(url))) << url;
    }
}

}  // namespace
}  // namespace fristvakt::tests
