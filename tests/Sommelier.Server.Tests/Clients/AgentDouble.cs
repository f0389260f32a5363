namespace Sommelier.Server.Tests.Clients;

/// <summary>The double as it is scripted for coding agents: it asks for a file once, by whichever tool the agent offers, then ends.</summary>
public sealed class AgentDouble : ProviderDouble
{
    /// <summary>The file that it asks for.</summary>
    public const string File = "/home/guest/cellar/hello.txt";

    /// <inheritdoc/>
    protected override string[] Script => ["agents/double.mjs", File];
}
