#include <algorithm>
#include <regex>

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/unit/web/pages_of.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::tests {
namespace {

using namespace daemon;

class PageTest : public ::testing::Test {
 protected:
    // Reading changes nothing, so one town does for all.
    static Town& town() {
        static Town kTown;
        return kTown;
    }
    PagesOf pages_{town()};
};

TEST_F(PageTest, CarriesTheHeadersThatKeepItSafe) {
    for (const char* path :
         {"/", "/oversikt", "/frister", "/sak/pulje-5/plan/gjovik", "/organisasjon/gjovik",
          "/krav/pulje-5/plan", "/moter", "/punktlighet", "/hendelser", "/drift", "/sok",
          "/tilgjengelighet", "/utboks", "/utboks/1", "/nothing"}) {
        const HttpResponse response = pages_.get(path);
        EXPECT_EQ(header(response, "Content-Security-Policy"),
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                  "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                  "frame-src 'self'; frame-ancestors 'none'");
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(response, "Referrer-Policy"), "same-origin");
        EXPECT_EQ(header(response, "Cross-Origin-Opener-Policy"), "same-origin");
        EXPECT_EQ(header(response, "Cache-Control"), "no-store");
    }
}

TEST_F(PageTest, HasNothingInline) {
    static const std::regex kInline{R"(<script(?! src=)|<style|\sstyle=|\son[a-z]+=|javascript:)"};
    for (const char* path :
         {"/", "/oversikt", "/frister", "/organisasjon/gjovik", "/krav/pulje-5/plan", "/hendelser",
          "/drift", "/sak/pulje-5/plan/gjovik", "/sak/pulje-5/plan/sel", "/utboks", "/utboks/1",
          "/nothing"}) {
        EXPECT_FALSE(std::regex_search(pages_.get(path).body, kInline)) << path;
    }
}

TEST_F(PageTest, EscapesWhatPeopleWrote) {
    const std::string sel = pages_.get("/sak/pulje-5/plan/sel").body;
    EXPECT_TRUE(has(sel, "&lt;b&gt;planen&lt;/b&gt; kommer &quot;snart&quot;"));
    EXPECT_FALSE(has(sel, "<b>planen"));
    EXPECT_TRUE(has(pages_.get("/sak/pulje-5/plan/vaga").body, "Åse &lt;Berg&gt; &amp; sønn"));
    const HttpResponse odd = pages_.get("/utboks", {{"sak", "\"><script>x"}});
    EXPECT_TRUE(has(odd.body, "&quot;&gt;&lt;script&gt;x"));
}

TEST_F(PageTest, SpeaksBothFormsAndRemembersTheChoice) {
    const HttpResponse nb = pages_.get("/oversikt");
    EXPECT_TRUE(has(nb.body, "<html lang=\"nb\""));
    EXPECT_EQ(header(nb, "Set-Cookie"), "");
    const HttpResponse nn = pages_.get("/oversikt", {{"lang", "nn"}});
    EXPECT_TRUE(has(nn.body, "<html lang=\"nn\""));
    EXPECT_EQ(header(nn, "Set-Cookie"),
              "lang=nn; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    EXPECT_EQ(header(nn, "Content-Language"), "nn");
    const HttpResponse kept = pages_.get("/utboks", {}, {{"cookie", "a=b; lang=nn"}});
    EXPECT_TRUE(has(kept.body, "<html lang=\"nn\""));
    EXPECT_TRUE(has(pages_.get("/", {{"lang", "de"}}).body, "<html lang=\"nb\""));
    EXPECT_TRUE(has(nb.body, "Ikke levert"));
    EXPECT_TRUE(has(nn.body, "Ikkje levert"));
    EXPECT_FALSE(has(nn.body, "Ikke levert"));
}

TEST_F(PageTest, ShowsEveryParticipantMostUrgentFirst) {
    const std::string body = pages_.get("/oversikt").body;
    const auto definitions = town().definitions();
    for (const auto& participant : definitions->cohorts.front().participants) {
        EXPECT_TRUE(has(body, definitions->find_organisation(participant.organisation)->name))
            << participant.organisation;
    }
    EXPECT_TRUE(has(body, "Forfalt</a><small>2 dager over"));
    EXPECT_TRUE(has(body, "mandag 25. januar 2021"));
    EXPECT_LT(body.find("Tynset kommune"), body.find("Lillehammer kommune"));
}

TEST_F(PageTest, CountsAndFilters) {
    const std::string all = pages_.get("/oversikt").body;
    EXPECT_TRUE(has(all, "/oversikt?status=overdue"));
    EXPECT_TRUE(has(all, "Meldt sendt <strong>1</strong>"));
    const std::string claimed = pages_.get("/oversikt", {{"status", "claimed"}}).body;
    EXPECT_TRUE(has(claimed, "Vågå kommune"));
    EXPECT_FALSE(has(claimed, "Tynset kommune"));
    const std::string none = pages_.get("/oversikt", {{"status", "due-today"}}).body;
    EXPECT_TRUE(has(none, "Ingen treff"));
    const std::string unknown = pages_.get("/oversikt", {{"pulje", "pulje-99"}}).body;
    EXPECT_TRUE(has(unknown, "Det er ingen pulje med det navnet"));
}

TEST_F(PageTest, WarnsOfWhoCannotBeReached) {
    // One kommune has no resource person; another's address was refused.
    const std::string body = pages_.get("/oversikt").body;
    EXPECT_TRUE(has(body, "går til postmottak"));
    EXPECT_TRUE(has(body, "Avvist</span><small>Lars Eide"));
}

TEST_F(PageTest, SaysThatNothingIsSentAndWhatTheClockShows) {
    const std::string body = pages_.get("/").body;
    EXPECT_TRUE(has(body, "Utsending er av: meldinger legges i spool, ingen e-post går ut."));
    EXPECT_TRUE(has(body, "Demoklokke: onsdag 27. januar 2021 kl. 12.00"));
}

TEST_F(PageTest, ExplainsACase) {
    const std::string body = pages_.get("/sak/pulje-5/plan/tynset").body;
    EXPECT_TRUE(has(body, "Hvorfor?"));
    EXPECT_TRUE(has(body, "Neste melding: ny purring, tidligst tirsdag 2. februar 2021 kl. 08.00"));
    EXPECT_TRUE(has(body, "Trinnet «14 dager før fristen» er sendt."));
    EXPECT_TRUE(has(body, "href=\"/utboks/"));
    const std::string nn = pages_.get("/sak/pulje-5/plan/tynset", {{"lang", "nn"}}).body;
    EXPECT_TRUE(has(nn, "Kvifor?"));
    EXPECT_TRUE(has(nn, "tysdag 2. februar 2021"));
    const std::string claimed = pages_.get("/sak/pulje-5/plan/vaga").body;
    EXPECT_TRUE(has(claimed, "Saken venter på oss, ikke på Vågå kommune."));
    const std::string asking = pages_.get("/sak/pulje-5/plan/hamar").body;
    EXPECT_TRUE(has(asking, "Hamar kommune har bedt om lengre frist."));
}

TEST_F(PageTest, TellsTheHistoryInWords) {
    const std::string body = pages_.get("/sak/pulje-5/plan/skjak").body;
    EXPECT_TRUE(has(body, "Statsforvalteren i Innlandet ga lengre frist"));
    EXPECT_TRUE(has(body, "ny frist: fredag 12. februar 2021"));
    EXPECT_TRUE(has(body, "21.01.2021 kl. 11.00"));
    EXPECT_TRUE(has(pages_.get("/sak/pulje-5/plan/sel").body, "skrev et notat"));
}

TEST_F(PageTest, ShowsAMessageAsItWasSent) {
    const std::string list = pages_.get("/utboks", {{"tilstand", "sent"}}).body;
    std::smatch found;
    ASSERT_TRUE(std::regex_search(list, found, std::regex{"/utboks/([0-9]+)\""}));
    const std::string number = found[1];
    const std::string page = pages_.get("/utboks/" + number).body;
    EXPECT_TRUE(
        has(page, "<iframe class=\"fv-message\" sandbox src=\"/utboks/" + number + "/html\""));
    EXPECT_TRUE(has(page, "Auto-Submitted"));
    const HttpResponse frame = pages_.get("/utboks/" + number + "/html");
    EXPECT_EQ(frame.status, 200);
    EXPECT_EQ(header(frame, "Content-Security-Policy"),
              "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
              "base-uri 'none'; frame-ancestors 'self'; sandbox");
    const auto stored = town().snapshot()->message(std::stoll(number)).value();
    EXPECT_EQ(frame.body, stored->rendered->html);
}

TEST_F(PageTest, HasAPageForWhatIsNotThere) {
    for (const char* path : {"/nothing", "/sak/pulje-5/plan/nowhere", "/utboks/0", "/utboks/x",
                             "/utboks/99999999", "/utboks/99999999/html"}) {
        const HttpResponse response = pages_.get(path);
        EXPECT_EQ(response.status, 404) << path;
        EXPECT_TRUE(has(response.body, "Siden finnes ikke")) << path;
        EXPECT_TRUE(has(response.body, "href=\"/\"")) << path;
    }
}

TEST_F(PageTest, ServesItsFilesForEver) {
    const std::string body = pages_.get("/").body;
    std::smatch found;
    ASSERT_TRUE(std::regex_search(body, found, std::regex{"href=\"(/a/fristvakt[^\"]+css)\""}));
    const std::string path = found[1];
    const HttpResponse plain = pages_.get(path);
    EXPECT_EQ(header(plain, "Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(header(plain, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_TRUE(has(path, workflows::sha256_hex(plain.body).substr(0, 16)));
    const HttpResponse zipped = pages_.get(path, {}, {{"accept-encoding", "br, gzip"}});
    EXPECT_EQ(header(zipped, "Content-Encoding"), "gzip");
    EXPECT_LT(zipped.body.size(), plain.body.size());
    EXPECT_EQ(header(pages_.get(path, {}, {{"accept-encoding", "gzip;q=0"}}), "Content-Encoding"),
              "");
    EXPECT_EQ(pages_.get("/a/fristvakt.0000000000000000.css").status, 404);
    for (const char* odd : {"/a/..", "/a/%2e%2e%2fconfig", "/a/fristvakt.css"}) {
        EXPECT_EQ(pages_.get(odd).status, 404) << odd;
    }
}

TEST_F(PageTest, NamesNobodyInAnAddress) {
    static const std::regex kLink{"(?:href|action|src)=\"([^\"]*)\""};
    for (const char* path : {"/", "/oversikt", "/frister", "/organisasjon/gjovik", "/hendelser",
                             "/krav/pulje-5/plan", "/utboks", "/sak/pulje-5/plan/gjovik"}) {
        const std::string body = pages_.get(path).body;
        for (std::sregex_iterator link{body.begin(), body.end(), kLink}, end; link != end; ++link) {
            const std::string target = (*link)[1];
            EXPECT_TRUE(target.starts_with("mailto:") || !has(target, "@")) << target;
        }
    }
}

TEST(EmptyTown, SaysWhatComesNext) {
    Town town{{.from = "2021-01-02T12:00",
               .until = "2021-01-02T12:00",
               .demo_events = false,
               .refused = ""}};
    const PagesOf pages{town};
    const HttpResponse overview = pages.get("/oversikt");
    EXPECT_EQ(overview.status, 200);
    EXPECT_TRUE(has(overview.body, "Det første åpner mandag 4. januar 2021"));
    EXPECT_TRUE(has(pages.get("/utboks").body, "Ingen meldinger ennå"));
}

// A large embete's overview: every kommune of the country, twelve requirements.
TEST(LargeTown, ShowsEveryCell) {
    std::string organisations{
        "id,name,kind,number,parent,language,email\n"
        "sf,Embetet,embete,,,neutral,post@sf.example\n"};
    std::string contacts{
        "organisation,name,email,roles\nsf,Ida Berg,ida@sf.example,saksbehandler\n"};
    std::string programme{
        "programme: p\ntitle: {nb: Plan, nn: Plan}\ncohort: stor\n"
        "period: {from: 2020-01-01, to: 2022-12-31}\ncreditor: sf\nparticipants:\n"};
    constexpr int kTowns{357};
    constexpr int kRequirements{12};
    for (int i = 0; i < kTowns; ++i) {
        const std::string id = "k" + std::to_string(i);
        organisations += id + ",Kommune " + id + ",kommune,,sf,nb,post@" + id + ".example\n";
        contacts += id + ",Kari " + id + ",kari@" + id + ".example,ressursperson\n";
        programme += "  - " + id + "\n";
    }
    programme += "requirements:\n";
    for (int i = 0; i < kRequirements; ++i) {
        const std::string id = "r" + std::to_string(i);
        programme += "  - {id: " + id + ", title: {nb: Krav " + id + ", nn: Krav " + id +
                     "}, workflow: plan, opens: 2021-01-04, due: 2021-01-25}\n";
    }
    Town town{{.from = "2021-01-04T07:00",
               .until = "2021-01-04T07:30",
               .files = {{"organisations.csv", organisations},
                         {"contacts.csv", contacts},
                         {"fristvakt.yaml",
                          "name: {nb: Embetet, nn: Embetet}\norganisation: sf\n"
                          "mail: {from: f@sf.example, reply_to: post@sf.example}\n"},
                         {"programmes/kongsbergregionen.yaml", ""},
                         {"programmes/ibs-pulje-5-innlandet.yaml", programme}},
               .demo_events = false,
               .refused = ""}};
    const PagesOf pages{town};
    const std::string body = pages.get("/oversikt").body;
    std::size_t cells{0};
    for (std::size_t at = body.find("/sak/stor/"); at != std::string::npos;
         at = body.find("/sak/stor/", at + 1)) {
        ++cells;
    }
    EXPECT_EQ(cells, std::size_t{kTowns} * kRequirements);
    EXPECT_LT(body.size(), 1'500'000U);
}

TEST(HeldTown, ShowsTheReasonOnEveryPage) {
    Town town{{.until = "2021-01-04T07:00", .demo_events = false, .refused = ""}};
    ASSERT_TRUE(town.hold("Vi <ser> over adressene", "").ok());
    const PagesOf pages{town};
    for (const char* path :
         {"/", "/oversikt", "/frister", "/organisasjon/gjovik", "/hendelser", "/krav/pulje-5/plan",
          "/moter", "/punktlighet", "/drift", "/sok", "/utboks", "/sak/pulje-5/plan/gjovik"}) {
        EXPECT_TRUE(
            has(pages.get(path).body, "Utsending er satt på vent: Vi &lt;ser&gt; over adressene"))
            << path;
    }
}

TEST(BrokenTown, HasAPageThatSaysWait) {
    class NotStarted final : public EngineAccess {
     public:
        using Error = workflows::Error;
        static Error no() { return {workflows::ErrorKind::Unavailable, "not started"}; }
        workflows::Result<EventAnswer> raise(const RaiseEvent&) override { return no(); }
        workflows::Result<BatchAnswer> raise_all(const std::vector<RaiseEvent>&) override {
            return no();
        }
        workflows::Result<Forecast> preview(const std::vector<RaiseEvent>&) override {
            return no();
        }
        workflows::Status stop(std::int64_t, const std::string&, const std::string&) override {
            return no();
        }
        workflows::Status postpone(std::int64_t, workflows::Date, const std::string&) override {
            return no();
        }
        workflows::Status hold(const std::string&, const std::string&) override { return no(); }
        workflows::Status note_test(const TestedNotice&) override { return no(); }
        workflows::Status confirm_card(const std::string&, std::int64_t) override { return no(); }
        workflows::Status release(std::optional<std::int64_t>, const std::string&) override {
            return no();
        }
        workflows::Status retry(std::int64_t, const std::string&) override { return no(); }
        workflows::Status sent_before(std::int64_t, const std::string&) override { return no(); }
        std::unique_ptr<workflows::Snapshot> snapshot() override { return nullptr; }
        std::shared_ptr<const workflows::Definitions> definitions() const override {
            return nullptr;
        }
        EngineHealth health() const override { return {}; }
    };
    NotStarted engine;
    const PagesOf pages{engine};
    const HttpResponse response = pages.get("/");
    EXPECT_EQ(response.status, 503);
    EXPECT_TRUE(has(response.body, "Vent litt og last siden på nytt"));
}

}  // namespace
}  // namespace fristvakt::tests
