#pragma once

#include <string>

#include "workflows/model/weekly_digest.hpp"

/// What a digest says of one thing, in a mail and on a card alike. Pure.
namespace fristvakt::integrations::texts {

/// What it is about, in bold, and what is said of it.
struct Phrase {
    std::string strong;
    std::string rest;
};

/// "Gjøvik kommune": ": Plan – Meldt sendt, svar innen fredag 5. februar".
[[nodiscard]] Phrase waiting_phrase(const workflows::WeeklyDigest::Line& line,
                                    workflows::Language language);
/// "Gjøvik kommune": ": Plan – 3 dager over, påminnet 2 ganger, e-post avvist".
[[nodiscard]] Phrase overdue_phrase(const workflows::WeeklyDigest::Line& line,
                                    workflows::Language language);
/// "mandag 25. januar": ": Plan. Mangler fra: Gjøvik kommune, Hamar kommune".
[[nodiscard]] Phrase due_phrase(const workflows::WeeklyDigest::Due& due,
                                workflows::Language language);
/// "mandag 25. januar": ": 3 påminnelser".
[[nodiscard]] Phrase sending_phrase(const workflows::WeeklyDigest::Sending& sending,
                                    workflows::Language language);
/// "3 forfalt, 2 venter på WHOM, 5 frister denne uka"; empty when there is nothing of it.
[[nodiscard]] std::string counts_phrase(const workflows::WeeklyDigest& digest,
                                        const std::string& whom, workflows::Language language);
/// "3", and "minst 3" where there was more than was looked at.
[[nodiscard]] std::string count_phrase(const workflows::WeeklyDigest& digest, std::size_t count);

}  // namespace fristvakt::integrations::texts
