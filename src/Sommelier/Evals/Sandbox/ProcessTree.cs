using System.Globalization;

namespace Sommelier.Evals.Sandbox;

/// <summary>A process and all that descend from it, as <c>/proc</c> tells.</summary>
internal static class ProcessTree
{
    /// <summary>Resident memory of the whole tree; pages that processes share count for each.</summary>
    public static long ResidentBytes(int root)
    {
        long pages = 0;
        var waiting = new Stack<string>([root.ToString(CultureInfo.InvariantCulture)]);
        while (waiting.TryPop(out var process))
        {
            try
            {
                pages += long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture);
                foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
                {
                    foreach (var child in File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        waiting.Push(child);
                    }
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or FormatException)
            {
                // It ended while it was looked at.
            }
        }

        return pages * Environment.SystemPageSize;
    }
}
