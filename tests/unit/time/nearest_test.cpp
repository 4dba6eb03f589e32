#include "workflows/time/nearest.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace fristvakt::workflows {
namespace {

TEST(NearestWord, FindsWhatWasMeant) {
    constexpr std::array<std::string_view, 5> kWords{"day", "days", "week", "weeks", "month"};
    struct Row {
        const char* written;
        const char* meant;
    };
    for (const Row& row :
         {Row{"wekks", "weeks"}, Row{"weeks", "weeks"}, Row{"dya", "day"}, Row{"Days", "days"},
          Row{"mnoth", "month"}, Row{"monht", "month"}, Row{"wek", "week"}, Row{"", ""},
          Row{"fortnight", ""}, Row{"x", ""}, Row{"de", ""}}) {
        EXPECT_EQ(nearest_word(row.written, kWords), row.meant) << row.written;
    }
    EXPECT_EQ(nearest_word("day", {}), "");
    EXPECT_EQ(nearest_word(std::string(1000, 'w'), kWords), "");
}

}  // namespace
}  // namespace fristvakt::workflows
