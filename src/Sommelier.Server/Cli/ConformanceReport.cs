using System.Globalization;
using Sommelier.Server.Conformance;
using Sommelier.Server.Hosting;
using Spectre.Console;

namespace Sommelier.Server.Cli;

/// <summary>Prints what <c>conformance</c> found.</summary>
internal static class ConformanceReport
{
    /// <summary>How to bring a gateway before the played upstream.</summary>
    public static string HowToConfigure(string upstreamUrl) =>
        $"""
        The failing provider listens at {upstreamUrl} and answers /chat/completions as OpenAI does, /messages as Anthropic.
        Make it the only upstream of the gateway, without a second one to fall back to. Let the gateway's own time limits be
        well below --timeout, and its circuit breaker be off: a case in which the upstream is not asked fails.

        """;

    /// <summary>The cases, with what they are about.</summary>
    public static void List(CliContext context, IReadOnlyList<FaultCase> cases, bool json)
    {
        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                writer.WriteStartArray("cases");
                foreach (var fault in cases)
                {
                    writer.WriteStartObject();
                    writer.WriteString("case", fault.Name);
                    writer.WriteString("upstream", fault.What);
                    writer.WriteString("duty", Word(fault.Duty));
                    writer.Texts("kinds", Enum.GetValues<AnswerKinds>().Where(kind => kind != AnswerKinds.Both && fault.Kinds.HasFlag(kind)).Select(kind => Play.Word(kind == AnswerKinds.Streamed)));
                    writer.WriteBoolean("needs_time_limit", fault.NeedsLimit);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return;
        }

        var table = RouteReport.PlainTable("case", "the provider", "the caller is owed");
        foreach (var fault in cases)
        {
            RouteReport.Row(table, fault.Name, fault.What, Word(fault.Duty));
        }

        context.Console.Write(table);
    }

    /// <summary>One result.</summary>
    public static string Line(ConformanceResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(result.Verdict.Passed ? "ok  " : "FAIL")}  {result.Play.Dialect.Name,-9}  {result.Play.Kind,-8}  {result.Play.Case.Name,-22}  {result.Verdict.Seen}{(result.Verdict.Fault is { } fault ? $": {fault}" : "")} ({result.Duration.TotalSeconds:0.00} s)");

    /// <summary>The sum, or everything as JSON.</summary>
    public static void Finish(CliContext context, ConformanceOptions options, IReadOnlyList<ConformanceResult> results, bool json)
    {
        var passed = results.Count(result => result.Verdict.Passed);
        if (!json)
        {
            context.Output.WriteLine($"{passed} of {results.Count} pass{(passed == results.Count ? "" : $", {results.Count - passed} fail")}.");
            return;
        }

        JsonOutput.Write(context.Output, writer =>
        {
            writer.WriteString("version", ProductVersion.Text);
            writer.Text("target", options.Target?.AbsoluteUri);
            writer.WriteNumber("passed", passed);
            writer.WriteNumber("failed", results.Count - passed);
            writer.WriteStartArray("results");
            foreach (var result in results)
            {
                writer.WriteStartObject();
                writer.WriteString("case", result.Play.Case.Name);
                writer.WriteString("upstream", result.Play.Case.What);
                writer.WriteString("duty", Word(result.Play.Case.Duty));
                writer.WriteString("dialect", result.Play.Dialect.Name);
                writer.WriteString("kind", result.Play.Kind);
                writer.WriteBoolean("passed", result.Verdict.Passed);
                writer.WriteString("seen", result.Verdict.Seen);
                writer.Text("fault", result.Verdict.Fault);
                writer.WriteNumber("seconds", Math.Round(result.Duration.TotalSeconds, 3));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static string Word(Duty duty) => duty switch
    {
        Duty.Answer => "the answer",
        Duty.Tell => "the truth",
        _ => "the answer or the truth",
    };
}
