#include "workflows/decision/answer_link.hpp"

#include "workflows/definition/base_url.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

constexpr std::size_t kMacDigits{32};  // 128 bits: nobody guesses one over the network.

std::string mac_of(std::string_view salt, std::string_view case_id, std::string_view person) {
    std::string text{"answer\n"};
    text.append(case_id).append("\n").append(person);
    return hmac_sha256_hex(salt, text).substr(0, kMacDigits);
}

}  // namespace

std::string answer_link(const std::string& public_url, std::string_view salt,
                        std::string_view case_id, std::string_view person) {
    std::string link = base_url(public_url) + "/m/";
    link.append(person).append(mac_of(salt, case_id, person)).append("/").append(case_id);
    return link;
}

std::optional<std::string> person_of_answer_link(std::string_view token, std::string_view salt,
                                                 std::string_view case_id) {
    if (token.size() <= kMacDigits) {
        return std::nullopt;
    }
    const std::string_view person = token.substr(0, token.size() - kMacDigits);
    const std::string wanted = mac_of(salt, case_id, person);
    return is_same_secret(token.substr(person.size()), wanted) ? std::optional{std::string{person}}
                                                               : std::nullopt;
}

}  // namespace fristvakt::workflows
