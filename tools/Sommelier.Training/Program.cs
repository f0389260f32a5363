using System.Diagnostics;
using Sommelier.Training;

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (Exception problem) when (problem is ArgumentException or FormatException or IndexOutOfRangeException)
{
    Console.Error.WriteLine($"{problem.Message}\n\n{Arguments.Usage}");
    return 2;
}

var watch = Stopwatch.StartNew();
new Run(arguments).Execute();
Console.WriteLine($"\n{watch.Elapsed.TotalSeconds:0} s");
return 0;
