// What comes to /hooks/graph from anybody, and what Microsoft Graph answers with.

#include <nlohmann/json.hpp>

#include "integrations/graph/attempt.hpp"
#include "integrations/graph/event.hpp"
#include "integrations/graph/meeting_body.hpp"
#include "integrations/graph/notification.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations::graph;

void try_notifications(std::string_view text) {
    std::vector<integrations::Secret> states;
    states.emplace_back("vet-bare-vi");
    const auto ours = read_notifications(text, states);
    const auto nobodys = read_notifications(text, {});
    demand(ours.ok() == nobodys.ok(), "a secret changes nothing of what can be read");
    if (nobodys.ok()) {
        demand(nobodys.value() == Notified{.refused = nobodys.value().refused},
               "nothing is believed without a secret");
    } else {
        demand(nobodys.error().message.size() < 100, "what is wrong is told, not shown");
    }
    const auto answer = handshake_answer(text);
    demand(!answer.ok() || (answer.value() == text &&
                            answer.value().find_first_of("<>&\"'`\r\n") == std::string::npos),
           "what is sent back is text and no more");
}

void try_answers(std::string_view text) {
    for (const int status : {400, 403, 404, 410, 429, 500}) {
        const integrations::HttpAnswer answer{
            .status = status, .content_type = {}, .body = std::string{text}};
        for (const About about : {About::Calendar, About::Event, About::Changes}) {
            const Failure failure = failure_of(answer, about);
            demand(failure.error.message.size() < 400 && failure.word.size() <= 64,
                   "what a server writes is not shown", failure.error.message);
        }
        demand(sign_in_failure_of(answer).error.message.size() < 400,
               "what a server writes is not shown");
    }
    static_cast<void>(read_event(nlohmann::json::parse(text, nullptr, false)));
}

void try_bodies(std::string_view text) {
    const std::string html = to_html(text);
    demand(own_text(html, "") == in_one_line(text), "a text is read back", html);
    const std::string part = "<p>" + std::string(40, '_') + "<a href=\"https://t.example/1\">";
    const auto body = with_text(std::string{text} + part, "https://t.example/1", text);
    demand(body && body->ends_with(part.substr(3)) && body->find(html) != std::string::npos,
           "the way in stays, below the text", body.value_or(""));
}

}  // namespace

void try_graph(std::string_view text) {
    try_notifications(text);
    try_answers(text);
    try_bodies(text);
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_graph(fristvakt::fuzz::text_of(data, size));
    return 0;
}
