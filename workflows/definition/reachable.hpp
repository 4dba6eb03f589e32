#pragma once

#include <string_view>

namespace fristvakt::workflows {

/// Whether `url` can be called from the internet, as far as the address itself shows: https, and
/// neither this machine nor a private network (RFC 1918, RFC 4193), a link (RFC 3927), a name
/// without a dot, or one below .local, .internal or .lan. Pure.
[[nodiscard]] bool may_be_reached_from_outside(std::string_view url);
/// What stands in the way, as half a sentence: "it does not begin with https://". Empty: nothing.
[[nodiscard]] std::string_view why_out_of_reach(std::string_view url);

}  // namespace fristvakt::workflows
