#include "daemon/web/html.hpp"

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using namespace daemon;

TEST(HtmlPieces, AreEscapedForTextAndAttributes) {
    const std::string evil{"<script>alert('x')</script> & \"quoted\""};
    EXPECT_EQ(html("<p title=\"{}\">{}</p>", evil, evil).str(),
              "<p title=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; "
              "&quot;quoted&quot;\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; "
              "&quot;quoted&quot;</p>");
}

TEST(HtmlPieces, KeepMarkupAndNumbersAsTheyAre) {
    EXPECT_EQ(html("<b>{}</b>{}", html("<i>{}</i>", "<"), -12).str(), "<b><i>&lt;</i></b>-12");
    EXPECT_EQ(html("{}", std::int64_t{9'000'000'000}).str(), "9000000000");
    EXPECT_EQ(html("{}", Html{}).str(), "");
}

TEST(HtmlPieces, GoThroughUnharmedWithBracesInThem) {
    EXPECT_EQ(html("<p>{}</p>", std::string{"{0} {} %s"}).str(), "<p>{0} {} %s</p>");
}

}  // namespace
}  // namespace fristvakt::tests
