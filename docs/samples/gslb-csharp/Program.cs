// dotnet run -c Release -- 127.0.0.1:5051
return await Samples.Gslb.RunAsync(args, Console.In, Console.Out);
