using System.CommandLine;
using Sommelier.Canonical;
using Sommelier.Configuration.Reading;
using Sommelier.Evals.Sampling;
using Sommelier.Gateway.Bodies;
using Sommelier.Ledger;

namespace Sommelier.Server.Cli.Evals;

/// <summary>Which requests <c>eval sample</c> draws, and how.</summary>
internal sealed class SampleOptions
{
    private readonly Option<DateTimeOffset?> from = CommonOptions.Time("--from", "Requests that began then or later. Default: the first.");
    private readonly Option<DateTimeOffset?> to = CommonOptions.Time("--to", "Requests that began before then. Default: the last.");
    private readonly Option<string?> intents = Text("--intent", "Of these intents, separated by commas.", "LIST");
    private readonly Option<string?> models = Text("--model", "Answered by, or asked of, one of these: provider/model, or the name that callers sent, separated by commas.", "LIST");
    private readonly Option<string?> policy = Text("--policy", "Decided under this policy.", "NAME");
    private readonly Option<string?> key = Text("--key", "Of this key, by its id.", "ID");
    private readonly Option<string?> team = Text("--team", "Of keys that were in this team, by its id.", "ID");
    private readonly Option<string?> organisation = Text("--org", "Of keys that were in this organisation, by its id.", "ID");
    private readonly Option<string?> tags = Text("--tag", "With each of these tags, separated by commas.", "LIST");
    private readonly Option<LedgerOutcome> outcome = new("--outcome") { Description = "That ended so: succeeded, failed, broken, canceled. What has not succeeded makes a case without an answer. Default: succeeded.", HelpName = "OUTCOME", DefaultValueFactory = _ => LedgerOutcome.Succeeded };
    private readonly Option<SampleRating?> feedback = new("--feedback") { Description = "Whose caller was content (up: 0.5 or better), was not (down), said something (rated) or nothing (unrated).", HelpName = "up|down|rated|unrated" };
    private readonly Option<decimal?> minUsd = new("--min-usd") { Description = "That cost this or more, in USD.", HelpName = "USD" };
    private readonly Option<decimal?> maxUsd = new("--max-usd") { Description = "That cost this or less, in USD.", HelpName = "USD" };
    private readonly Option<double?> minMs = new("--min-ms") { Description = "That took so many milliseconds or more.", HelpName = "MS" };
    private readonly Option<double?> maxMs = new("--max-ms") { Description = "That took so many milliseconds or less.", HelpName = "MS" };
    private readonly Option<int> count = new("--count", "-n") { Description = "The most cases. Default: 100.", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<int> seed = new("--seed") { Description = "Of the draw. Default: 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<SampleSpread> spread = new("--spread") { Description = "As many cases of each intent (even), or in the proportions of the traffic. Default: even.", HelpName = "even|traffic" };
    private readonly Option<double> similar = new("--similar") { Description = "Conversations that share more than this part of their words are drawn once; 1 draws them all. Default: 0.8.", HelpName = "PART", DefaultValueFactory = _ => 0.8 };
    private readonly Option<string[]> redact = new("--redact") { Description = "Take this out too, beside what ledger.bodies.redact took out: pii, or a regular expression. May be given several times.", HelpName = "PATTERN" };
    private readonly Option<SampledAnswer> answers = new("--answers") { Description = "The answer that was given is graded and nobody is asked (output), counts as right (reference), or is left out (none). Default: output.", HelpName = "output|reference|none" };
    private readonly Option<string?> judge = Text("--judge", "Let this model judge each answer by a rubric.", "MODEL");
    private readonly Option<string?> rubric = Text("--rubric", "The rubric. Default: it does what is asked, says nothing false, and has the form that was asked for.", "TEXT");

    private IReadOnlyList<Option> All => [from, to, intents, models, policy, key, team, organisation, tags, outcome, feedback, minUsd, maxUsd, minMs, maxMs, count, seed, spread, similar, redact, answers, judge, rubric];

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(count)?.Errors.Any() is false && result.GetValue(count) is < 1 or > 100_000)
            {
                result.AddError("--count is a number from 1 to 100000.");
            }

            if (result.GetResult(similar)?.Errors.Any() is false && result.GetValue(similar) is not (> 0 and <= 1))
            {
                result.AddError("--similar is a part above 0, at most 1.");
            }

            if (result.GetResult(rubric) is not null && result.GetResult(judge) is null)
            {
                result.AddError("--rubric is for a judge; name one with --judge.");
            }
        });
    }

    /// <summary>What was given.</summary>
    /// <exception cref="CliException">A value cannot be.</exception>
    public SampleSettings Read(ParseResult parsed)
    {
        var settings = new SampleSettings
        {
            Filter = new()
            {
                Ledger = new() { From = parsed.GetValue(from), To = parsed.GetValue(to), CallerKeyId = parsed.GetValue(key), TeamId = parsed.GetValue(team), OrganisationId = parsed.GetValue(organisation), Limit = 0 },
                Intents = [.. RunOptions.Names(parsed.GetValue(intents)).Select(IntentOf)],
                Models = RunOptions.Names(parsed.GetValue(models)),
                Policy = parsed.GetValue(policy),
                Tags = RunOptions.Names(parsed.GetValue(tags)),
                Outcome = parsed.GetValue(outcome),
                Rating = parsed.GetValue(feedback),
                Usd = (parsed.GetValue(minUsd), parsed.GetValue(maxUsd)),
                Ms = (parsed.GetValue(minMs), parsed.GetValue(maxMs)),
            },
            Count = parsed.GetValue(count),
            Seed = parsed.GetValue(seed),
            Spread = parsed.GetValue(spread),
            TooAlike = parsed.GetValue(similar),
            Redactor = RedactorOf(parsed.GetValue(redact) ?? []),
            Answer = parsed.GetValue(answers),
            Judge = parsed.GetValue(judge),
        };
        return parsed.GetValue(rubric) is { } text ? settings with { Rubric = text } : settings;
    }

    private static Option<string?> Text(string name, string description, string value) => new(name) { Description = description, HelpName = value };

    private static Intent IntentOf(string name) => Intents.TryParse(name, out var intent) ? intent : throw new CliException($"'{name}' is no intent. There are: {string.Join(", ", Intents.Names)}.");

    private static Redactor? RedactorOf(string[] rules)
    {
        try
        {
            return rules.Length == 0 ? null : new(rules.Contains(BodiesBinder.Pii, StringComparer.Ordinal), [.. rules.Where(static rule => rule is not BodiesBinder.Pii).Select(PiiPattern.Of)]);
        }
        catch (ArgumentException wrong)
        {
            throw new CliException($"--redact takes pii, or a regular expression that runs in linear time, without lookarounds, backreferences and atomic groups: {wrong.Message}");
        }
    }
}
