#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/view.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/model/invitation.hpp"

/// Who is called to a meeting, what they answered, and whether they came.
namespace fristvakt::daemon {

/// How the people of a meeting have answered.
struct Answers {
    int called{0};
    int accepted{0};
    int declined{0};
    int tentative{0};
    int delegated{0};  ///< They send somebody else.
    int silent{0};
};
/// Those who are called now: who was uncalled does not count. Who signed up comes until they say
/// otherwise.
[[nodiscard]] Answers count_answers(const std::vector<workflows::StoredInvitation>& people);
/// "12 innkalt: 8 kommer, 1 kommer ikke, 3 har ikke svart"; empty when nobody is called.
[[nodiscard]] std::string in_words(const Answers& answers, workflows::Language language);

/// "9 av 12": how many came of those who were called; empty while nobody has said.
[[nodiscard]] std::string came_in_words(const workflows::Case& item,
                                        const std::vector<workflows::StoredInvitation>& people);

/// "Siste dag å melde seg på er torsdag 15. april 2021. 3 av 20 plasser er ledige."
[[nodiscard]] std::string in_words(const workflows::SignUpTerms& terms,
                                   workflows::Language language);
/// Why nobody can sign up, by the code of `workflows::may_sign_up`.
[[nodiscard]] std::string why_closed(std::string_view code, const workflows::SignUpTerms& terms,
                                     workflows::Language language);

/// "Kommer"; empty when nothing was answered.
[[nodiscard]] workflows::Text words_of(workflows::Response response);

/// The section of a meeting's page: who is called, with a form for answers by telephone and for who
/// came, where the visitor may act. Before anybody is called it says who will be; empty when that
/// is nobody.
[[nodiscard]] workflows::Result<Html> people_section(View& view, const workflows::Case& item);

}  // namespace fristvakt::daemon
