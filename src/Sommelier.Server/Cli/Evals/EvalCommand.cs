using System.CommandLine;
using Sommelier.Server.Cli.Evals.Scheduling;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval</c>: suites of own cases, run against models.</summary>
internal static class EvalCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context) => new("eval", "Measure models on suites of your own cases.")
    {
        RunCommand.Create(context),
        ImportCommand.Create(context),
        SampleCommand.Create(context),
        ResumeCommand.Create(context),
        AmendCommand.Create(context),
        RegradeCommand.Create(context),
        CompareCommand.Create(context),
        ReportCommand.Create(context),
        PublishCommand.Create(context),
        ScheduleCommand.Create(context),
    };
}
