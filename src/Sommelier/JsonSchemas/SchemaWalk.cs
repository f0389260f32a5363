using System.Globalization;
using System.Text;

namespace Sommelier.JsonSchemas;

/// <summary>Where a check stands in the value, and what it has cost so far.</summary>
internal sealed class SchemaWalk
{
    // Schemas that refer to themselves, or branch at every level, would go on for ever: a request's schema is anybody's.
    private const int MostSteps = 2_000_000;
    private const int MostNested = 500;

    private readonly List<Step> path = [];
    private int steps;
    private int nested;

    /// <summary>The violation that was met last.</summary>
    public SchemaViolation? Violation { get; set; }

    /// <summary>How deep in the value it stands.</summary>
    public int Depth => path.Count;

    /// <summary>Whether the check was given up: then nothing holds.</summary>
    public bool GivenUp => steps > MostSteps;

    /// <summary>Begins to check a value against a node; pair it with <see cref="Leave"/>.</summary>
    public bool Enter()
    {
        if (nested == MostNested)
        {
            return Spend(MostSteps);
        }

        nested++;
        return Spend(1);
    }

    /// <summary>Ends it.</summary>
    public void Leave() => nested--;

    /// <summary>Pays for work; false when there has been too much of it.</summary>
    public bool Spend(int cost)
    {
        if (GivenUp)
        {
            return false;
        }

        steps += cost;
        if (GivenUp)
        {
            Violation = Here("cannot be checked: the schema nests, refers to itself or compares too much");
        }

        return !GivenUp;
    }

    /// <summary>Goes into an item.</summary>
    public void Into(int index) => path.Add(new Step(null, index));

    /// <summary>Goes into a property.</summary>
    /// <param name="name">Its name where the schema names it; else null.</param>
    public void Into(string? name) => path.Add(new Step(name ?? "*", -1));

    /// <summary>Goes back up.</summary>
    public void Up() => path.RemoveAt(path.Count - 1);

    /// <summary>Notes a violation here, unless the check was given up. Always false.</summary>
    public bool Fail(string rule)
    {
        Violation = GivenUp ? Violation : Here(rule);
        return false;
    }

    /// <summary>A violation here.</summary>
    public SchemaViolation Here(string rule)
    {
        var text = new StringBuilder("$");
        foreach (var (name, index) in path)
        {
            if (name is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else if (IsPlain(name))
            {
                text.Append('.').Append(name);
            }
            else
            {
                text.Append("['").Append(name.Replace("'", "\\'", StringComparison.Ordinal)).Append("']");
            }
        }

        return new(text.ToString(), rule, path.Count);
    }

    private static bool IsPlain(string name)
    {
        if (name is "*")
        {
            return true;
        }

        foreach (var letter in name)
        {
            if (!char.IsLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return name.Length > 0 && !char.IsDigit(name[0]);
    }

    private readonly record struct Step(string? Name, int Index);
}
