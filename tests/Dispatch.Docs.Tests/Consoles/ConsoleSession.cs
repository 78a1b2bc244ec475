using System.Diagnostics;
using System.Text.RegularExpressions;
using TrafficDispatch.Cli;
using TrafficDispatch.Docs.Tests.Samples;

namespace TrafficDispatch.Docs.Tests.Consoles;

/// <summary>
/// Types the commands of a page, in the repository's root. Addresses of the pages become those of the service that runs, and <c>/tmp</c> a folder of the session; the output
/// is turned back. The tool and the sample in C# run in this process, all else in bash.
/// </summary>
internal sealed partial class ConsoleSession(ShippedService service) : IDisposable
{
    private const string Sample = "dotnet run -c Release --project docs/samples/gslb-csharp -- ";
    private static readonly string[] Tool = ["dispatch ", "dotnet run -c Release --project src/Dispatch.Cli -- "];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("dispatch-console-").FullName;
    private readonly Dictionary<string, string> _variables = [];

    /// <summary>Types one command.</summary>
    /// <returns>What it printed, errors after output.</returns>
    public async Task<string> TypeAsync(string command)
    {
        string real = service.Addresses.Aggregate(command, static (text, a) => text.Replace(a.Told, a.Real, StringComparison.Ordinal)).Replace("/tmp/", _folder + "/", StringComparison.Ordinal);
        string printed = Export().Match(real) is { Success: true } export ? Set(export)
            : Tool.FirstOrDefault(tool => real.StartsWith(tool, StringComparison.Ordinal)) is { } tool ? await PipeAsync(real[tool.Length..], RunToolAsync)
            : real.Split(" | ") is [.., var last] stages && last.StartsWith(Sample, StringComparison.Ordinal) ? await RunSampleAsync(string.Join(" | ", stages[..^1]), last[Sample.Length..])
            : await BashAsync(real, "");
        return service.Addresses.Aggregate(printed, static (text, a) => text.Replace(a.Real, a.Told, StringComparison.Ordinal)).Replace(_folder + "/", "/tmp/", StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Set(Match export)
    {
        _variables[export.Groups["name"].Value] = export.Groups["value"].Value;
        return "";
    }

    /// <summary>What stands before the first pipe runs here, the rest in bash.</summary>
    private async Task<string> PipeAsync(string line, Func<string[], Task<string>> run)
    {
        string[] stages = line.Split(" | ", 2);
        string printed = await run([.. Word().Matches(stages[0]).Select(static m => m.Value.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal))]);
        return stages.Length == 1 ? printed : await BashAsync(stages[1], printed);
    }

    private async Task<string> RunToolAsync(string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
        Dictionary<string, string> known = new()
        {
            ["DISPATCH_ADDRESS"] = "http://" + service.Addresses[0].Real,
            ["DISPATCH_ADMIN"] = "http://" + service.Addresses[2].Real,
            ["DISPATCH_ADMIN_TOKEN"] = (await File.ReadAllLinesAsync(Path.Combine(service.State, "admin.token")))[0],
        };
        // Folders of a page are the repository's.
        string[] there = [.. arguments.Select(static a => a == "data/world" || a.StartsWith("docs/", StringComparison.Ordinal) ? Path.Combine(ForeignTool.Root, a) : a)];
        await DispatchTool.RunAsync(there, new Terminal(output, errors, static () => Stream.Null) { Variable = name => known.GetValueOrDefault(name) }).WaitAsync(Patience);
        return (output.ToString() + errors).Replace(ForeignTool.Root + "/", "", StringComparison.Ordinal);
    }

    private async Task<string> RunSampleAsync(string source, string arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        Assert.Equal(0, await global::Samples.Gslb.RunAsync(arguments.Split(' '), new StringReader(await BashAsync(source, "")), output).WaitAsync(Patience));
        return output.ToString();
    }

    private async Task<string> BashAsync(string command, string input)
    {
        ProcessStartInfo start = new("bash", ["-c", $"{{\n{command}\n}} 2>&1"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = ForeignTool.Root,
        };
        // Debian's python3 has the packages; a machine may have others before it.
        start.Environment["PATH"] = "/usr/bin:/bin:" + Environment.GetEnvironmentVariable("PATH");
        (start.Environment["NODE_PATH"], start.Environment["PYTHONDONTWRITEBYTECODE"]) = (SampleProgram.NodeModules, "1");
        foreach ((string name, string value) in _variables) start.Environment[name] = value;
        using Process bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(input);
        bash.StandardInput.Close();
        string printed = await bash.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await bash.WaitForExitAsync();
        return printed;
    }

    [GeneratedRegex("^export (?<name>[A-Z_]+)=(?<value>[^ ]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Export();

    [GeneratedRegex("""("[^"]*"|'[^']*'|[^ "'\n])+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
