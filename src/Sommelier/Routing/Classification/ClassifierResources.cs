namespace Sommelier.Routing.Classification;

/// <summary>The files in Data/, embedded in the assembly.</summary>
internal static class ClassifierResources
{
    public static Stream Open(string name) =>
        typeof(ClassifierResources).Assembly.GetManifestResourceStream($"Sommelier.Routing.Classification.Data.{name}")
        ?? throw new InvalidDataException($"The embedded file Routing/Classification/Data/{name} is absent: run tools/Sommelier.Training.");
}
