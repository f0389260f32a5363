using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>A program of the user's that prints a key (<c>credential_process</c>).</summary>
/// <param name="Command">What the shell runs.</param>
/// <param name="Profile">The profile that names it, for people.</param>
internal sealed record AwsProcess(string Command, string Profile) : AwsOrigin
{
    /// <inheritdoc/>
    public override IAwsCredentialSource CreateSource(SendRequest send, TimeProvider time, ILogger? logger) => new ProcessAwsCredentials(this, time, logger);

    /// <summary>Hides the command, which may hold a password.</summary>
    public override string ToString() => $"the credential_process of profile {Profile}";
}

/// <summary>Keys that a program prints as a JSON object. Source: AWS, "Sourcing credentials with an external process".</summary>
internal sealed class ProcessAwsCredentials(AwsProcess process, TimeProvider time, ILogger? logger)
    : RenewedAwsCredentials(SourceOf(process), time, logger)
{
    private const int MostBytes = 256 * 1024;

    /// <inheritdoc/>
    protected override string WithoutOwnSecrets(string text) => text;

    /// <inheritdoc/>
    protected override async Task<AwsCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        var source = SourceOf(process);
        using var running = Start(source);
        try
        {
            // What it says of its troubles is not passed on: nobody knows what is in it.
            var silence = running.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            using var output = new MemoryStream();
            var chunk = new byte[4096];
            while (await running.StandardOutput.BaseStream.ReadAsync(chunk, cancellationToken) is > 0 and var read)
            {
                output.Write(chunk, 0, read);
                if (output.Length > MostBytes)
                {
                    throw UpstreamException.Protocol($"{source} printed more than {MostBytes / 1024} KB.");
                }
            }

            await silence;
            await running.WaitForExitAsync(cancellationToken);
            return running.ExitCode == 0 ? AwsCredentialAnswer.Read(output.ToArray(), source) : throw Failed($"{source} ended with code {running.ExitCode}. Run it by hand to see why.");
        }
        finally
        {
            if (!running.HasExited)
            {
                running.Kill(entireProcessTree: true);
            }
        }
    }

    private static string SourceOf(AwsProcess process) => $"The credential_process of profile {process.Profile}";

    private static UpstreamException Failed(string message) => new(new(UpstreamFailureKind.AuthenticationFailed, message));

    private Process Start(string source)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        if (OperatingSystem.IsWindows())
        {
            (start.FileName, start.Arguments) = ("cmd.exe", $"/S /C \"{process.Command}\"");
        }
        else
        {
            start.FileName = "/bin/sh";
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(process.Command);
        }

        try
        {
            var running = Process.Start(start)!;
            running.StandardInput.Close();
            return running;
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            throw Failed($"{source} cannot be started. Check that there is a shell to run it.");
        }
    }
}
