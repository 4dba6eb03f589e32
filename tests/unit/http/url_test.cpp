#include "daemon/http/url.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fristvakt::tests {
namespace {

using namespace daemon;

TEST(Url, DecodesWhatIsUtf8AndNothingElse) {
    EXPECT_EQ(percent_decode("pulje-5%2Fplan"), "pulje-5/plan");
    EXPECT_EQ(percent_decode("gj%C3%B8vik"), "gjøvik");
    for (const char* bad : {"%", "%1", "%zz", "a%00", "a%0a", "%7f", "%ff", "%c0%af", "%ed%a0%80",
                            "%f5%80%80%80", "%e2%82"}) {
        EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
    }
}

TEST(Url, ReadsQueries) {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(parse_query("a=1&b=x+y&&c&d=%26%3D"),
              (Pairs{{"a", "1"}, {"b", "x y"}, {"c", ""}, {"d", "&="}}));
    EXPECT_EQ(parse_query(""), Pairs{});
    EXPECT_EQ(parse_query("a=%"), std::nullopt);
}

TEST(Url, FindsTheOrigin) {
    EXPECT_EQ(origin_of("HTTPS://Frist.Example:443/x?y"), "https://frist.example");
    EXPECT_EQ(origin_of("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    EXPECT_EQ(origin_of("http://[::1]:80/"), "http://[::1]");
    for (const char* bad : {"null", "", "file:///x", "http://", "http://a@b", "javascript:1"}) {
        EXPECT_EQ(origin_of(bad), std::nullopt) << bad;
    }
}

RC_GTEST_PROP(Url, EncodingAndDecodingUndoEachOther, ()) {
    const auto letters = *rc::gen::container<std::string>(rc::gen::inRange<char>(0x20, 0x7F));
    RC_ASSERT(percent_decode(percent_encode(letters)) == letters);
    RC_ASSERT(percent_decode(encode_path(letters)) == letters);
    const std::string value = "x" + letters;
    const auto query = parse_query(encode_query({{"name", value}}).erase(0, 1));
    RC_ASSERT(query->front().second == value);
}

}  // namespace
}  // namespace fristvakt::tests
