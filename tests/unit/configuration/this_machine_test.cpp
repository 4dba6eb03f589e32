#include "workflows/definition/this_machine.hpp"

#include <string>

#include <gtest/gtest.h>

#include "workflows/definition/reachable.hpp"

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

TEST(Reachable, FromOutsideAreNamesAndAddressesOfTheInternet) {
    for (const char* url :
         {"https://frist.sf.example", "https://frist.sf.example:8443/x", "https://192.0.2.7",
          "https://172.15.0.1", "https://172.32.0.1", "https://172.160.0.1", "https://11.0.0.1",
          "https://[2001:db8::1]", "https://10.example", "https://fd.example"}) {
        EXPECT_TRUE(workflows::may_be_reached_from_outside(url)) << url;
    }
    for (const char* url :
         {"http://frist.sf.example", "https://localhost", "https://127.0.0.1", "https://frist",
          "https://10.1.2.3", "https://192.168.1.1", "https://172.16.0.1", "https://172.31.0.1",
          "https://169.254.1.1", "https://0.0.0.0", "https://[::1]", "https://[fd00::1]",
          "https://[FE80::1]", "https://frist.LOCAL", "https://frist.internal",
          "https://frist.lan:8443", "https://frist.sf.example@elsewhere.example", "", "https://"}) {
        EXPECT_FALSE(workflows::may_be_reached_from_outside(url)) << url;
    }
}

TEST(Reachable, SaysWhatStandsInTheWay) {
    using workflows::why_out_of_reach;
    EXPECT_EQ(why_out_of_reach("https://frist.sf.example"), "");
    EXPECT_EQ(why_out_of_reach("http://frist.sf.example"), "it does not begin with https://");
    EXPECT_EQ(why_out_of_reach("http://127.0.0.1:8080"), "it is an address of this machine alone");
    EXPECT_EQ(why_out_of_reach("https://10.1.2.3"), "it is an address within a private network");
    EXPECT_EQ(why_out_of_reach("https://frist"), "it is an address within a private network");
    EXPECT_EQ(why_out_of_reach(""), "it names no machine");
}

}  // namespace
}  // namespace fristvakt::tests
