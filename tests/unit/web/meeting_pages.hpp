#pragma once

#include <string>

#include "daemon/configuration/programme_desk.hpp"
#include "daemon/web/programmes/programmes.hpp"
#include "tests/browser/town.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/web/asked_pages.hpp"

namespace fristvakt::tests {

/// The pages of the town with a meeting each semester, and the desk that changes its programme.
class MeetingPages : public AskedPages {
 protected:
    MeetingPages() : MeetingPages(files_with_meeting()) {}
    explicit MeetingPages(std::map<std::string, std::string> files,
                          const std::string& until = Town::Options{}.until,
                          const std::string& events = {})
        : files_(std::move(files)),
          town_{Town::Options{.until = until, .files = files_, .events = events}} {
        serve(programmes_, pages_);
    }

    /// Shows what a form brings, and takes it into use.
    daemon::HttpResponse confirm(const std::string& path, const Form& form) {
        const daemon::HttpResponse seen = post(path, form);
        EXPECT_EQ(seen.status, 200) << seen.body;
        return post(path, last_form(seen.body));
    }
    daemon::HttpResponse confirm(const Form& form) { return confirm(path_, form); }
    workflows::Case find(const std::string& id) { return *town_.snapshot()->find_case(id).value(); }
    void raise(const std::string& id, const std::string& event, workflows::Actor by,
               std::map<std::string, std::string> fields = {}) {
        daemon::RaiseEvent command;
        command.event.case_id = id;
        command.event.name = event;
        command.event.by = by;
        command.event.fields = std::move(fields);
        const auto answer = town_.raise(command);
        ASSERT_TRUE(answer.ok()) << answer.error().message;
    }
    static std::string location(const daemon::HttpResponse& response) {
        for (const auto& [name, value] : response.headers) {
            if (name == "Location" || name == "location") {
                return value;
            }
        }
        return {};
    }

    const std::map<std::string, std::string> files_;
    const TemporaryFolder state_;
    const std::string path_{"/ordninger/pulje/pulje-5/mote/nettverk"};
    const std::string meeting_{"pulje-5/nettverk/2021-var"};
    Town town_;
    daemon::ProgrammeDesk desk_{
        {.config = {},
         .state = state_.path(),
         .use = [this](const auto& loaded, const auto& who) { return town_.use(loaded, who); }},
        town_,
        folder(),
        {}};
    daemon::VisitorEngines engines_{town_};
    daemon::Pages pages_{engines_, "1.2.3"};
    daemon::Programmes programmes_{engines_, pages_, desk_};

 private:
    [[nodiscard]] integrations::ConfigurationFiles folder() const {
        auto files = daemon::configuration_files({}).value();
        for (const auto& [path, text] : files_) {
            files.files.insert_or_assign(path, text);
        }
        return files;
    }
};

/// The same on the day after the meeting of that spring, to which all were called.
class HeldMeetingPages : public MeetingPages {
 protected:
    HeldMeetingPages()
        : MeetingPages(
              files_with_meeting(), "2021-03-24T09:00",
              R"({"at":"2021-01-26T09:00","case":"pulje-5/nettverk/2021-var","event":"invited"})"
              "\n") {}
};

}  // namespace fristvakt::tests
