using Sommelier.Server.Cli;

return await CommandLine.RunAsync(args, CliContext.ForProcess(), CancellationToken.None);
