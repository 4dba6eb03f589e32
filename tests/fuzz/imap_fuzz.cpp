// What a server, or somebody in its place, says to whoever reads a mailbox; and names of folders.

#include <algorithm>
#include <string>
#include <vector>

#include "integrations/mailbox/imap_answer.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations;

constexpr std::size_t kLiteralMax = 300;

/// Everything that is understood of `bytes` when they come in pieces of that size.
std::string heard(std::string_view bytes, std::size_t at_once) {
    ImapAnswers answers{kLiteralMax};
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += at_once) {
        answers.add(bytes.substr(at, at_once));
        while (true) {
            auto next = answers.next();
            if (!next.ok()) {
                return out;
            }
            if (!next.value()) {
                break;
            }
            for (const std::string& literal : next.value()->literals) {
                demand(literal.size() <= kLiteralMax, "a literal has a limit");
            }
            out += next.value()->text + '\n';
            (void)outcome_of(next.value()->text, "f1");
            (void)number_in_code(next.value()->text, "UIDNEXT");
            (void)number_before(next.value()->text, "EXISTS");
            const auto fetch = fetch_in(*std::move(next).value());
            if (fetch) {
                demand(fetch->uid != 0, "a message has a number");
                out += std::to_string(fetch->uid) + ' ' + fetch->body.value_or("") + '\n';
            }
        }
    }
    return out;
}

void try_folder(std::string_view name) {
    const std::string argument = folder_argument(name);
    demand(argument.size() >= 2 && argument.front() == '"' && argument.back() == '"',
           "a folder's name is quoted", argument);
    demand(std::ranges::all_of(argument, [](char c) { return c >= 0x20 && c < 0x7f; }),
           "nothing in it ends the command", argument);
    for (std::size_t at = 1; at + 1 < argument.size(); ++at) {
        demand(argument[at] != '"', "nothing in it ends the name", argument);
        at += argument[at] == '\\' ? 1 : 0;
    }
}

}  // namespace

void try_imap(std::string_view bytes) {
    const std::string whole = heard(bytes, bytes.size() + 1);
    demand(heard(bytes, 1) == whole && heard(bytes, 7) == whole,
           "an answer is the same in pieces of any size", whole);
    try_folder(bytes);
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_imap(fristvakt::fuzz::text_of(data, size));
    return 0;
}
