namespace Sommelier.Server.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>All is well.</summary>
    public const int Fine = 0;

    /// <summary>A gate failed.</summary>
    public const int GateFailed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Something around us failed: a port, a disk, a provider.</summary>
    public const int Infrastructure = 3;

    /// <summary>The money is used up.</summary>
    public const int Budget = 4;
}
