using System.CommandLine;
using Sommelier.Evals.Runs;

namespace Sommelier.Server.Cli.Evals;

/// <summary>The options of the verbs that ask models.</summary>
internal sealed class RunOptions
{
    private readonly ServeOptions serve = new(withUrls: false);
    private readonly Option<int> concurrency = new("--concurrency") { Description = "So many calls at once at one provider, fewer while it refuses. Default: begins at 20 and grows to 100 while all goes well.", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<decimal?> maxUsd = new("--max-usd") { Description = "Spend no more than this, judges included. Exits 4 when it does not suffice.", HelpName = "USD" };
    private readonly Option<bool> noCache = new("--no-cache") { Description = "Ask again what earlier runs have asked." };
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do not ask before spending." };
    private readonly Option<bool> inconclusive = new("--fail-inconclusive") { Description = "Exit 1 also when a gate can be said neither to hold nor to fail." };
    private readonly Option<bool> json = CommonOptions.Json();

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { maxUsd, concurrency, noCache, yes, inconclusive, json })
        {
            command.Options.Add(option);
        }

        serve.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(concurrency)?.Errors.Any() is false && result.GetValue(concurrency) is < 1 or > 10_000)
            {
                result.AddError("--concurrency is a number from 1 to 10000.");
            }

            if (result.GetResult(maxUsd)?.Errors.Any() is false && result.GetValue(maxUsd) is <= 0)
            {
                result.AddError("--max-usd is an amount above 0.");
            }
        });
    }

    /// <summary>What was given.</summary>
    public RunSettings Read(CliContext context, ParseResult parsed) => new()
    {
        Serve = serve.Read(parsed).Located(context),
        Concurrency = parsed.GetValue(concurrency),
        StartAt = parsed.GetResult(concurrency) is { Implicit: false } ? parsed.GetValue(concurrency) : AdaptiveLimit.UsualStart,
        MaxUsd = parsed.GetValue(maxUsd),
        UseCache = !parsed.GetValue(noCache),
        Yes = parsed.GetValue(yes),
        FailInconclusive = parsed.GetValue(inconclusive),
        Json = parsed.GetValue(json),
    };

    /// <summary>Names in a comma-separated list.</summary>
    public static IReadOnlyList<string> Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray() ?? [];
}

/// <summary>How models are asked.</summary>
internal sealed record RunSettings
{
    /// <summary>Configuration and data folder, <see cref="ServeSettings.Located"/>.</summary>
    public required ServeSettings Serve { get; init; }

    /// <summary>The most calls at once at one provider.</summary>
    public int Concurrency { get; init; } = 100;

    /// <summary>How many calls at once a provider is asked at first.</summary>
    public int StartAt { get; init; } = AdaptiveLimit.UsualStart;

    /// <summary>The cap, or null.</summary>
    public decimal? MaxUsd { get; init; }

    /// <summary>Whether answers of earlier runs will do.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>Whether to spend without a question.</summary>
    public bool Yes { get; init; }

    /// <summary>Whether nobody is there who could interrupt it: signals are then for the process around it.</summary>
    public bool Unattended { get; init; }

    /// <summary>Whether an open verdict fails.</summary>
    public bool FailInconclusive { get; init; }

    /// <summary>Whether the result is printed as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The folder below which runs lie.</summary>
    public string Runs => RunsOf(Serve);

    /// <summary>The same for verbs that ask nobody.</summary>
    /// <param name="located">Settings whose data folder is known, <see cref="ServeSettings.Located"/>.</param>
    public static string RunsOf(ServeSettings located) => Path.Combine(located.Data!, "evals");
}
